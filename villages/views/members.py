"""One member: the page to read, correcting, leaving, posts and restrictions."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Refused

from .. import permissions, selectors, services
from ..enums import BASE_STATUSES, MemberStatus
from ..forms.people import MemberForm, MemberLeaveForm, PostForm, RestrictionForm
from ..models import MemberMerge, PartyMember, PostHeld, Representative, Restriction
from ..rules import in_force, status_on
from .roster import hide_number, warn_of_duplicates


def readable(user):
    return PartyMember.objects.visible_to(user).select_related("village__township")


class MemberDetail(LoginRequiredMixin, View):
    def get(self, request, pk: int):
        member = get_object_or_404(readable(request.user).select_related("merged_into"), pk=pk)
        today = timezone.localdate()
        rows = selectors.rows_of(member)
        restrictions = list(
            Restriction.objects.filter(member__in=rows).order_by("-starts_on", "-pk")
        )
        for restriction in restrictions:
            restriction.is_in_force = in_force(restriction, today)
            restriction.is_own = restriction.member_id == member.pk
        own = [r for r in restrictions if r.is_own]
        standing = status_on(member.status, own, today)
        # Whoever may see the person sees every term, also one recorded on a merged row of another township.
        posts = list(
            PostHeld.objects.filter(member__in=rows)
            .select_related("member__village")
            .order_by("-started_on", "-pk")
        )
        for post in posts:
            post.is_own = post.member_id == member.pk
        village = member.village
        context = {
            "member": member,
            "village": village,
            "standing": MemberStatus(standing).label,
            "is_restricted": standing not in BASE_STATUSES,
            "posts": posts,
            "restrictions": restrictions,
            "former": self.other_rows(rows, member),
            "merges": self.merges(member),
            "representative": Representative.objects.current().filter(member=member).first(),
            "is_suspected": selectors.is_suspected(member),
            "may_edit": permissions.can_edit_roster(request.user, village)
            and not member.is_off_roster,
            "may_merge": permissions.can_merge(request.user, village),
        }
        return render(request, "villages/member_detail.html", context)

    def other_rows(self, rows: list[PartyMember], member: PartyMember) -> list[PartyMember]:
        """The person's other rows, each with whether the reader may open it."""
        others = [row for row in rows if row.pk != member.pk]
        if others:
            seen = set(
                readable(self.request.user)
                .filter(pk__in=[r.pk for r in others])
                .values_list("pk", flat=True)
            )
            for row in others:
                row.may_open = row.pk in seen
        return others

    def merges(self, member: PartyMember) -> list[MemberMerge]:
        """The merges that stand in which this row has a part, each with whether the reader may undo it."""
        involved = MemberMerge.objects.standing().select_related(
            "member__village", "survivor__village", "by"
        )
        found = list(involved.filter(member=member) | involved.filter(survivor=member))
        for merge in found:
            merge.may_undo = permissions.can_merge(
                self.request.user, merge.member.village, merge.survivor.village
            )
        return found


class OfMember(LoginRequiredMixin, View):
    """A form about one member, for those who keep the roster."""

    def dispatch(self, request, *args, pk: int, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.load(pk)
        permissions.check_can_edit_roster(request.user, self.member.village)
        return super().dispatch(request, *args, **kwargs)

    def load(self, pk: int) -> None:
        self.member = get_object_or_404(readable(self.request.user), pk=pk)


def stored_form(member: PartyMember) -> MemberForm:
    """The form of corrections as it opens."""
    held = member.posts.filter(ended_on__isnull=True).first()
    initial = {"post": held.post, "post_since": held.started_on} if held else {}
    return MemberForm(instance=member, initial=initial, known=member.identity_masked)


def update_page(request, member, form, leave_form, *, status: int = 200):
    """The page with both forms of one member: correcting, and leaving."""
    context = {
        "village": member.village,
        "form": form,
        "member": member,
        "leave_form": leave_form,
    }
    return render(request, "villages/member_form.html", context, status=status)


@hide_number
class MemberUpdate(OfMember):
    def get(self, request):
        return update_page(request, self.member, stored_form(self.member), MemberLeaveForm())

    def post(self, request):
        form = MemberForm(
            request.POST,
            instance=PartyMember(pk=self.member.pk),
            known=self.member.identity_masked,
        )
        if form.is_valid():
            try:
                member = services.update_member(
                    member=self.member,
                    facts=form.facts(),
                    post=form.cleaned_data["post"],
                    post_since=form.cleaned_data["post_since"],
                    by=request.user,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已更正{member.name}。")
                if form.cleaned_data["identity"]:
                    warn_of_duplicates(request, member)
                return redirect("member_list", pk=member.village_id)
        return update_page(request, self.member, form, MemberLeaveForm(), status=422)


class MemberLeave(LoginRequiredMixin, View):
    http_method_names = ["post"]

    def post(self, request, pk: int):
        member = get_object_or_404(readable(request.user), pk=pk)
        permissions.check_can_edit_roster(request.user, member.village)
        form = MemberLeaveForm(request.POST)
        if form.is_valid():
            try:
                services.mark_left(
                    member=member, on=form.cleaned_data["on"], by=request.user, at=timezone.now()
                )
            except Refused as refusal:
                form.add_error("on", str(refusal))
            else:
                messages.success(request, f"{member.name}已转出，名册中仍可查。")
                return redirect("member_list", pk=member.village_id)
        return update_page(request, member, stored_form(member), form, status=422)


class DatedForm(OfMember):
    """Adding a dated fact about a member, or (with a row) correcting it. A subclass names model, form, service."""

    model: type
    form_class: type
    adding: str
    correcting: str
    hint: str
    row = None

    def get(self, request):
        fields = self.form_class.base_fields
        initial = {name: getattr(self.row, name) for name in fields} if self.row else None
        return self.page(self.form_class(initial=initial))

    def post(self, request):
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                self.save({**form.cleaned_data, "by": request.user, "at": timezone.now()})
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"已{self.title}：{self.member.name}。")
                return redirect("member_detail", pk=self.member.pk)
        return self.page(form, status=422)

    def save(self, facts: dict) -> None:
        raise NotImplementedError

    @property
    def title(self) -> str:
        return self.correcting if self.row else self.adding

    def page(self, form, *, status: int = 200):
        context = {
            "member": self.member,
            "village": self.member.village,
            "form": form,
            "title": self.title,
            "hint": self.hint,
        }
        return render(self.request, "villages/dated_form.html", context, status=status)


class CorrectsRow(DatedForm):
    """The same for the row of the address."""

    def load(self, pk: int) -> None:
        rows = self.model.objects.visible_to(self.request.user)
        self.row = get_object_or_404(rows.select_related("member__village__township"), pk=pk)
        self.member = self.row.member


class PostCreate(DatedForm):
    model, form_class = PostHeld, PostForm
    adding, correcting = "登记任职", "更正任职"
    hint = "本届和以前各届的任职都可以登记；“新当选”“连任”由任职推算。"

    def save(self, facts: dict) -> None:
        services.save_post(member=self.member, held=self.row, **facts)


class PostUpdate(CorrectsRow, PostCreate):
    pass


class RestrictionCreate(DatedForm):
    model, form_class = Restriction, RestrictionForm
    adding, correcting = "登记权利受限", "更正权利受限"
    hint = "受限期间没有表决权、选举权和被选举权；到期自动恢复，不必办理。已核定的名册不变。"

    def save(self, facts: dict) -> None:
        services.save_restriction(member=self.member, restriction=self.row, **facts)


class RestrictionUpdate(CorrectsRow, RestrictionCreate):
    pass
