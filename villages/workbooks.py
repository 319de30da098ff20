"""The kinds of workbooks about villages and their people."""

from workbooks.declarations import Column, Kind, Type

from .enums import Education, MemberStatus, Origin, Post, Sex
from .places import PLACE_COLUMNS
from .roster_import import HEADS, KEY, import_members, plan_members

MEMBERS = Kind(
    code="members",
    title="党员名册",
    sheet="党员名册",
    key=KEY,
    plan=plan_members,
    apply=import_members,
    help="村（社区）党组织的全部党员。只登记事实；“新当选”“连任”由现任职务推算。",
    columns=(
        *PLACE_COLUMNS,
        Column("name", HEADS["name"], required=True, max_length=50, synonyms=("党员姓名",)),
        Column("sex", HEADS["sex"], Type.CHOICE, required=True, choices=tuple(Sex.choices)),
        Column(
            "born_on",
            HEADS["born_on"],
            Type.DATE,
            required=True,
            synonyms=("出生年月日", "出生", "生日"),
            help="到日；与村、姓名一起用来认出同一个人。",
        ),
        Column(
            "joined_on",
            HEADS["joined_on"],
            Type.DATE,
            required=True,
            synonyms=("入党时间", "加入中共组织日期", "加入党组织日期"),
        ),
        Column(
            "status",
            HEADS["status"],
            Type.CHOICE,
            required=True,
            choices=tuple(MemberStatus.choices),
            synonyms=("人员类别", "类别"),
            help="正式党员或预备党员；留党察看、中止权利按起止日期和文号在党员页面登记。",
        ),
        Column(
            "education",
            HEADS["education"],
            Type.CHOICE,
            required=True,
            choices=tuple(Education.choices),
            synonyms=("文化程度",),
        ),
        Column("origin", HEADS["origin"], Type.CHOICE, choices=tuple(Origin.choices)),
        Column(
            "post",
            HEADS["post"],
            Type.CHOICE,
            choices=tuple(Post.choices),
            synonyms=("党内职务", "职务"),
            help="现在担任的党组织职务；没有的不填。",
        ),
        Column(
            "post_since",
            HEADS["post_since"],
            Type.DATE,
            synonyms=("任现职日期", "任职时间"),
            help="有现任职务的必填，本届任职的第一天。",
        ),
        Column("is_women_director", HEADS["is_women_director"], Type.YES_NO),
        Column(
            "heads_village_committee",
            HEADS["heads_village_committee"],
            Type.YES_NO,
            synonyms=("村委会主任", "村居委会主任"),
        ),
        Column(
            "phone",
            HEADS["phone"],
            Type.CODE,
            max_length=20,
            synonyms=("手机", "手机号码", "手机号", "电话"),
        ),
        Column(
            "identity",
            HEADS["identity"],
            Type.IDENTITY,
            synonyms=("公民身份号码", "身份证号码", "身份证"),
            help="加密保存，只显示末4位；有号码的先按号码认人。不填的不改动已登记的号码。",
        ),
        Column(
            "further_origins",
            HEADS["further_origins"],
            Type.CHOICES,
            choices=tuple(Origin.choices),
            help="主要来源以外的，可填几项，用顿号分开。",
        ),
        Column(
            "on_village_committee",
            HEADS["on_village_committee"],
            Type.YES_NO,
            synonyms=("村委会委员", "村居委会委员"),
            help="主任填在“村（居）委会主任”一列。",
        ),
    ),
)
