"""Who confirms daily reports and who produces bulletins and closing reports."""

from accounts.enums import Role
from accounts.errors import Forbidden
from villages.scoping import has_role, postings_of

from .querysets import CLOSING_READERS, WORKBOOK_ROLES


def can_confirm_report(user, township) -> bool:
    return has_role(user, Role.COORDINATOR, covering=township)


def check_can_confirm_report(user, township) -> None:
    if not can_confirm_report(user, township):
        raise Forbidden("只有本乡镇的联络员可以上报日报。")


def can_approve_report(user, township) -> bool:
    """The township's own leader: a county's leader reads."""
    return any(
        posting.role == Role.LEADER and posting.jurisdiction_id == township.pk
        for posting in postings_of(user)
    )


def check_can_approve_report(user, township) -> None:
    if not can_approve_report(user, township):
        raise Forbidden(f"{township.name}的日报由{township.name}领导审定。")


def can_read_closing(user, campaign) -> bool:
    return any(has_role(user, role, covering=campaign.area) for role in CLOSING_READERS)


def check_can_read_closing(user, campaign) -> None:
    if not can_read_closing(user, campaign):
        raise Forbidden("总结报告汇总全县数据，由组织部工作人员和县领导查看。")


def can_see_departments(user, campaign) -> bool:
    """For which department the county waits: staff and leaders over the whole area. A township sees only how many of its
    own people wait."""
    return can_read_closing(user, campaign)


def check_can_see_departments(user, campaign) -> None:
    if not can_see_departments(user, campaign):
        raise Forbidden("各联审单位的办理用时由县级组织部工作人员和领导查看。")


def can_produce(user, campaign) -> bool:
    return has_role(user, Role.ORG_STAFF, covering=campaign.area)


def check_can_produce(user, campaign) -> None:
    if not can_produce(user, campaign):
        raise Forbidden("简报和总结报告由组织部工作人员生成。")


def can_set_targets(user, campaign) -> bool:
    return can_produce(user, campaign)


def check_can_set_targets(user, campaign) -> None:
    if not can_set_targets(user, campaign):
        raise Forbidden("班子结构目标由组织部工作人员设定。")


def can_manage_job(user, job) -> bool:
    """Whoever asked for a job, and the staff of its campaign."""
    return job.requested_by_id == user.pk or can_produce(user, job.campaign)


def check_can_manage_job(user, job) -> None:
    if not can_manage_job(user, job):
        raise Forbidden("任务由申请人或组织部工作人员取消、重试。")


def can_use_workbooks(user, area=None) -> bool:
    """Whether the user brings workbooks in and takes lists out (over `area`, if given)."""
    return any(has_role(user, role, covering=area) for role in WORKBOOK_ROLES)


def check_can_import(user, area=None) -> None:
    if not can_use_workbooks(user, area):
        raise Forbidden("数据由组织部工作人员和乡镇联络员在本辖区内导入。")


def check_can_export(user) -> None:
    if not can_use_workbooks(user):
        raise Forbidden("数据由组织部工作人员和乡镇联络员导出。")
