"""Places, people and users for tests. All of them are invented."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from villages.enums import Education, Level, Sex, VillageKind
from villages.identity import check_digit
from villages.models import Jurisdiction, PartyMember, PartyOrganisation, Posting, Village

OPENED = date(2000, 1, 1)


def identity_number(first: str = "99000019800501002") -> str:
    """A plainly invented number of a woman born on 1 May 1980: no area begins with 99."""
    return first + check_digit(first)


class CountyFactory(DjangoModelFactory):
    """A county with its city and province above it."""

    class Meta:
        model = Jurisdiction

    code = factory.Sequence(lambda n: f"3207{n % 100:02d}000000")
    name = factory.Sequence(lambda n: f"示例{n}县")
    level = Level.COUNTY
    opened_on = OPENED

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        number = kwargs["code"][4:6]
        province = model_class.objects.create(
            code=f"{number}0000000000", name="示例省", level=Level.PROVINCE, opened_on=OPENED
        )
        city = model_class.objects.create(
            code=f"{number}0700000000",
            name="示例市",
            level=Level.CITY,
            parent=province,
            province=province,
            opened_on=OPENED,
        )
        return super()._create(
            model_class, *args, parent=city, province=province, city=city, **kwargs
        )


class TownshipFactory(DjangoModelFactory):
    class Meta:
        model = Jurisdiction

    parent = factory.SubFactory(CountyFactory)
    county = factory.SelfAttribute("parent")
    city = factory.SelfAttribute("parent.city")
    province = factory.SelfAttribute("parent.province")
    code = factory.Sequence(lambda n: f"320724{n % 900 + 100}000")
    name = factory.Sequence(lambda n: f"示例{n}镇")
    level = Level.TOWNSHIP
    opened_on = OPENED


class VillageFactory(DjangoModelFactory):
    """A village with its party branch."""

    class Meta:
        model = Village
        skip_postgeneration_save = True

    township = factory.SubFactory(TownshipFactory)
    county = factory.SelfAttribute("township.county")
    city = factory.SelfAttribute("township.city")
    province = factory.SelfAttribute("township.province")
    code = factory.Sequence(lambda n: f"320724{n:06d}")
    name = factory.Sequence(lambda n: f"示例{n}村")
    kind = VillageKind.VILLAGE
    opened_on = OPENED

    @factory.post_generation
    def organisation(self, create, extracted, **kwargs):
        PartyOrganisation.objects.create(village=self, name=f"{self.name}党支部", **kwargs)


class PartyMemberFactory(DjangoModelFactory):
    class Meta:
        model = PartyMember

    village = factory.SubFactory(VillageFactory)
    name = factory.Sequence(lambda n: f"党员{n}")
    sex = Sex.MALE
    born_on = date(1975, 3, 1)
    joined_on = date(2001, 7, 1)
    education = Education.SENIOR


class UserFactory(DjangoModelFactory):
    """A user who may sign in at once; `role` and `where` give a posting."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"用户{n}")
    must_change_password = False

    @classmethod
    def _create(cls, model_class, *args, role=None, where=None, **kwargs):
        user = model_class(*args, **kwargs)
        user.set_password("demo-password-1")
        user.save()
        if role:
            Posting.objects.create(user=user, role=role, jurisdiction=where, starts_on=OPENED)
        return user
