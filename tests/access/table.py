"""Every address of the product: whose object it shows, who may write there.

A row is asked for by the name of the address. `of(world, township)` gives the arguments of the address for an object
of that township; None: the address has no arguments.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from elections.enums import Stage
from villages.models import Jurisdiction

from .world import World


class Scope(StrEnum):
    """What stands behind an address."""

    PUBLIC = "public"  # needs no account
    SELF = "self"  # the user's own: every account has it
    TOWNSHIP = "township"  # something of one township
    COUNTY = "county"  # a campaign's page; shows each user their own area
    ROLE = "role"  # for certain roles, whatever the object


@dataclass(frozen=True)
class Row:
    """`writes`: a POST changes something; `reads`: there is a page to GET; `roles`: who else than nobody may."""

    scope: Scope
    of: Callable[[World, Jurisdiction], dict] | None = None
    writes: bool = False
    reads: bool = True
    roles: tuple[str, ...] = ()

    def kwargs(self, world: World, township: Jurisdiction) -> dict:
        return self.of(world, township) if self.of else {}


def campaign(world: World, township: Jurisdiction) -> dict:
    return {"pk": world.campaign.pk}


def election(world: World, township: Jurisdiction) -> dict:
    return {"pk": world.election(township).pk}


def village(world: World, township: Jurisdiction) -> dict:
    return {"pk": world.election(township).village_id}


def member(world: World, township: Jurisdiction) -> dict:
    return {"pk": world.member(township).pk}


def township_of_campaign(world: World, township: Jurisdiction) -> dict:
    return {"pk": world.campaign.pk, "township_pk": township.pk}


def ledger(world: World, township: Jurisdiction) -> dict:
    return {"pk": world.campaign.pk, "code": "disputes"}


def day(world: World, township: Jurisdiction) -> dict:
    return {**township_of_campaign(world, township), "day": str(world.day)}


def made(name: str) -> Callable[[World, Jurisdiction], dict]:
    """The object that the world made for the township under this name."""
    return lambda world, township: {"pk": world.made[name, township.pk]}


def user(world: World, township: Jurisdiction) -> dict:
    return {"pk": world.users["other_coordinator"].pk}


STAFF, COUNTY, DISCIPLINE = ("org_staff",), ("org_staff", "leader"), ("discipline",)
WORKING = ("org_staff", "coordinator")
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")

TABLE: dict[str, Row] = {
    "healthz": Row(Scope.PUBLIC),
    "login": Row(Scope.PUBLIC),
    "public_report": Row(Scope.PUBLIC),
    "public_receipt": Row(Scope.PUBLIC),
    "gallery": Row(Scope.PUBLIC),
    "logout": Row(Scope.SELF, reads=False),
    "password_change": Row(Scope.SELF),
    "home": Row(Scope.SELF),
    "campaign_choose": Row(Scope.SELF, reads=False),
    "todo": Row(Scope.SELF),
    "search": Row(Scope.SELF),
    "saved_views": Row(Scope.SELF),
    "saved_view_save": Row(Scope.SELF, reads=False),
    "saved_view_change": Row(Scope.SELF, lambda w, t: {"pk": 1}, reads=False),
    "vetting_home": Row(Scope.ROLE, roles=("vetting", "other_department")),
    # campaigns
    "campaign_list": Row(Scope.ROLE, roles=STAFF),
    "campaign_create": Row(Scope.ROLE, writes=True, roles=STAFF),
    "campaign_detail": Row(Scope.ROLE, campaign, roles=STAFF),
    "campaign_edit": Row(Scope.ROLE, campaign, writes=True, roles=STAFF),
    "campaign_schedule": Row(Scope.ROLE, campaign, writes=True, roles=STAFF),
    "township_plan": Row(Scope.TOWNSHIP, township_of_campaign, writes=True),
    "batch_entry": Row(
        Scope.ROLE,
        lambda w, t: {"pk": w.campaign.pk, "stage": "petition"},
        writes=True,
        roles=("coordinator",),
    ),
    "negative_list": Row(Scope.ROLE, campaign, writes=True, roles=STAFF),
    "negative_rule": Row(Scope.ROLE, made("rule"), writes=True, roles=STAFF),
    # joint review
    "vetting_departments": Row(Scope.ROLE, campaign, writes=True, roles=STAFF),
    "review_batches": Row(Scope.ROLE, campaign, writes=True, roles=STAFF),
    "review_batch": Row(Scope.ROLE, made("batch"), writes=True, roles=STAFF),
    "review_task": Row(Scope.ROLE, made("task"), writes=True, roles=("vetting",)),
    "review_task_workbook": Row(Scope.ROLE, made("task"), roles=("vetting",)),
    "opinion_file": Row(Scope.ROLE, made("opinion"), roles=("org_staff", "other_department")),
    # reporting
    "dashboard": Row(Scope.COUNTY, campaign),
    "campaign_grid": Row(Scope.COUNTY, campaign),
    # For cities and above: nobody of a county gets in.
    "overview": Row(Scope.ROLE),
    "overview_area": Row(Scope.ROLE, lambda w, t: {"pk": w.campaign.area.city_id}),
    "campaign_screen": Row(Scope.COUNTY, campaign),
    "overview_screen": Row(Scope.ROLE, lambda w, t: {"pk": w.campaign.area.city_id}),
    "area_bulletins": Row(Scope.ROLE, lambda w, t: {"pk": w.campaign.area.city_id}),
    "area_bulletin_file": Row(
        Scope.ROLE,
        lambda w, t: {"pk": w.campaign.area.city_id, "day": str(w.day), "ending": "docx"},
    ),
    "village_list": Row(Scope.COUNTY, campaign),
    "elected_list": Row(Scope.COUNTY, campaign),
    "override_list": Row(Scope.COUNTY, campaign),
    "people_list": Row(Scope.COUNTY, campaign),
    "reserve_list": Row(Scope.COUNTY, campaign),
    "women_gates": Row(Scope.COUNTY, campaign),
    "people_funnel": Row(Scope.COUNTY, campaign),
    "pace": Row(Scope.COUNTY, campaign),
    "teams": Row(Scope.COUNTY, campaign),
    "team_targets": Row(Scope.ROLE, campaign, writes=True, roles=("org_staff",)),
    "daily_list": Row(Scope.COUNTY, campaign),
    "checkup": Row(Scope.COUNTY, campaign),
    "bulletin_list": Row(Scope.COUNTY, campaign, writes=True),
    "bulletin_detail": Row(
        Scope.COUNTY, lambda w, t: {"pk": w.campaign.pk, "issue": 1}, writes=True
    ),
    "bulletin_version": Row(
        Scope.COUNTY, lambda w, t: {"pk": w.campaign.pk, "issue": 1, "version": 1}
    ),
    "bulletin_file": Row(
        Scope.ROLE,
        lambda w, t: {"pk": w.campaign.pk, "issue": 1, "version": 1, "ending": "docx"},
        roles=(*COUNTY, "coordinator"),
    ),
    "closing_report": Row(Scope.ROLE, campaign, writes=True, roles=COUNTY),
    "closing_texts": Row(Scope.ROLE, campaign, writes=True, roles=("org_staff",)),
    "closing_report_annex": Row(Scope.ROLE, made("report"), roles=COUNTY),
    "closing_report_file": Row(Scope.ROLE, made("report"), roles=COUNTY),
    "job_list": Row(Scope.COUNTY, campaign),
    "job_detail": Row(Scope.ROLE, made("job"), writes=True, roles=COUNTY),
    "indicator_list": Row(Scope.ROLE, campaign, roles=COUNTY),
    "indicator_rows": Row(Scope.COUNTY, lambda w, t: {"pk": w.campaign.pk, "key": "villages"}),
    "import_list": Row(Scope.ROLE, campaign, writes=True, roles=WORKING),
    "import_template": Row(
        Scope.ROLE, lambda w, t: {"pk": w.campaign.pk, "kind": "plan_days"}, roles=WORKING
    ),
    "import_detail": Row(Scope.ROLE, made("import"), writes=True, roles=WORKING),
    "import_painted": Row(Scope.ROLE, made("import"), roles=WORKING),
    "export_start": Row(
        Scope.ROLE,
        lambda w, t: {"pk": w.campaign.pk, "what": "members"},
        writes=True,
        roles=WORKING,
    ),
    "export_detail": Row(Scope.ROLE, made("export"), roles=("coordinator",)),
    "export_file": Row(Scope.ROLE, made("export"), roles=("coordinator",)),
    "township_grid": Row(Scope.TOWNSHIP, township_of_campaign),
    "daily_today": Row(Scope.TOWNSHIP, township_of_campaign, writes=True),
    "daily_report": Row(Scope.TOWNSHIP, day, writes=True),
    # ledgers
    "ledger_index": Row(Scope.COUNTY, campaign),
    "ledger_list": Row(Scope.COUNTY, ledger),
    "survey_list": Row(Scope.COUNTY, campaign),
    "risk_list": Row(Scope.COUNTY, campaign),
    "risk_sheet": Row(Scope.COUNTY, campaign, writes=True),
    "ledger_add": Row(Scope.ROLE, ledger, writes=True, roles=WORKING),
    "work_schedule": Row(Scope.TOWNSHIP, election),
    "ledger_row": Row(
        Scope.TOWNSHIP,
        lambda w, t: {**ledger(w, t), "row": w.made["dispute", t.pk]},
        writes=True,
    ),
    "ledger_paper": Row(
        Scope.TOWNSHIP, lambda w, t: {**ledger(w, t), "row": w.made["dispute", t.pk]}
    ),
    # a village
    "election_detail": Row(Scope.TOWNSHIP, election),
    **{f"stage_{stage}": Row(Scope.TOWNSHIP, election, writes=True) for stage in Stage},
    "election_representatives": Row(Scope.TOWNSHIP, election, writes=True),
    "evidence_file": Row(Scope.TOWNSHIP, made("evidence")),
    "evidence_thumbnail": Row(Scope.TOWNSHIP, made("evidence")),
    "candidacy_detail": Row(Scope.TOWNSHIP, made("candidacy"), writes=True),
    "relation_list": Row(Scope.TOWNSHIP, election, writes=True),
    "replacement": Row(Scope.TOWNSHIP, election, writes=True),
    "secretary_comparison": Row(Scope.TOWNSHIP, election),
    "reserve_create": Row(Scope.TOWNSHIP, village, writes=True),
    "reserve_detail": Row(Scope.TOWNSHIP, made("reserve"), writes=True),
    "candidacy_facts": Row(Scope.TOWNSHIP, made("candidacy"), writes=True),
    "tally_board": Row(
        Scope.TOWNSHIP,
        lambda w, t: {**election(w, t), "ballot": Stage.COMMITTEE_BALLOT.value},
        writes=True,
    ),
    "tally_screen": Row(
        Scope.TOWNSHIP, lambda w, t: {**election(w, t), "ballot": Stage.COMMITTEE_BALLOT.value}
    ),
    "tally_marks": Row(Scope.TOWNSHIP, made("sheet"), writes=True, reads=False),
    "ballot_correct": Row(Scope.TOWNSHIP, made("round"), writes=True),
    "ballot_correction": Row(Scope.TOWNSHIP, made("correction"), writes=True),
    "member_list": Row(Scope.TOWNSHIP, village),
    "member_create": Row(Scope.TOWNSHIP, village, writes=True),
    "member_detail": Row(Scope.TOWNSHIP, member),
    "member_candidacies": Row(Scope.TOWNSHIP, member),
    "member_find": Row(Scope.ROLE, writes=True, roles=("org_staff", "coordinator")),
    "duplicate_list": Row(Scope.ROLE, roles=("org_staff", "coordinator")),
    "member_merge": Row(Scope.TOWNSHIP, member, writes=True),
    "merge_undo": Row(Scope.TOWNSHIP, made("merge"), writes=True, reads=False),
    "post_create": Row(Scope.TOWNSHIP, member, writes=True),
    "post_update": Row(Scope.TOWNSHIP, made("post"), writes=True),
    "restriction_create": Row(Scope.TOWNSHIP, member, writes=True),
    "restriction_update": Row(Scope.TOWNSHIP, made("restriction"), writes=True),
    "representative_list": Row(Scope.TOWNSHIP, village),
    "representative_create": Row(Scope.TOWNSHIP, village, writes=True),
    "representative_update": Row(Scope.TOWNSHIP, made("representative"), writes=True),
    "member_update": Row(Scope.TOWNSHIP, member, writes=True),
    "member_leave": Row(Scope.TOWNSHIP, member, writes=True, reads=False),
    # complaints
    "complaint_list": Row(Scope.ROLE, roles=DISCIPLINE),
    "complaint_challenge": Row(Scope.ROLE, made("challenge"), roles=DISCIPLINE),
    "complaint_create": Row(Scope.ROLE, writes=True, roles=DISCIPLINE),
    "complaint_detail": Row(Scope.ROLE, made("complaint"), writes=True, roles=DISCIPLINE),
    "complaint_retention": Row(Scope.ROLE, campaign, writes=True, roles=DISCIPLINE),
    "complaint_statistics": Row(Scope.ROLE, campaign, roles=("org_staff", "leader", "discipline")),
    "complaint_last_term": Row(
        Scope.ROLE, campaign, writes=True, roles=("org_staff", "discipline")
    ),
    # public opinion
    "opinion_list": Row(Scope.COUNTY, campaign),
    "opinion_create": Row(
        Scope.ROLE, campaign, writes=True, roles=("org_staff", "coordinator", "discipline")
    ),
    "opinion_detail": Row(Scope.TOWNSHIP, made("incident"), writes=True),
    "opinion_screenshot": Row(Scope.TOWNSHIP, made("screenshot")),
    "complaint_reporter": Row(Scope.ROLE, made("complaint"), writes=True, roles=DISCIPLINE),
    "complaint_transfer": Row(Scope.ROLE, made("transfer"), roles=DISCIPLINE),
    "complaint_file": Row(Scope.ROLE, made("complaint_file"), roles=DISCIPLINE),
    "complaint_clocks": Row(Scope.ROLE, campaign, writes=True, roles=DISCIPLINE),
    # administration
    "user_list": Row(Scope.ROLE, roles=("system_admin", "security_admin")),
    "user_create": Row(Scope.ROLE, writes=True, roles=("system_admin",)),
    "user_reset_password": Row(Scope.ROLE, user, writes=True, roles=("system_admin",)),
    "user_set_active": Row(Scope.ROLE, user, writes=True, reads=False, roles=("system_admin",)),
    "posting_grant": Row(Scope.ROLE, writes=True, roles=("security_admin",)),
    "posting_end": Row(
        Scope.ROLE, made("posting"), writes=True, reads=False, roles=("security_admin",)
    ),
    "audit_list": Row(Scope.ROLE, roles=("audit_admin",)),
}
