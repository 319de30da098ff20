"""The kinds of workbooks that can be imported, in the order of the page: dotted paths of workbooks.declarations.Kind.

The pages and commands of imports belong to reporting, which writes nothing of other apps: it reaches their services
only through this table.
"""

WORKBOOK_KINDS: list[str] = [
    "villages.workbooks.MEMBERS",
    "elections.workbooks.PLAN_DAYS",
    "groundwork.workbooks.SURVEYS",
    "groundwork.workbooks.RISKS",
    "groundwork.workbooks.GROUPS",
    "groundwork.workbooks.LEADER_LINKS",
    "groundwork.workbooks.VILLAGE_CADRES",
    "groundwork.workbooks.MEETINGS",
    "groundwork.workbooks.DECISIONS",
    "groundwork.workbooks.DIFFICULT",
    "groundwork.workbooks.PLANS",
    "groundwork.workbooks.DISPUTES",
    "groundwork.workbooks.ADJUSTMENTS",
    "groundwork.workbooks.RECTIFICATIONS",
    "groundwork.workbooks.AUDITS",
    "groundwork.workbooks.PUBLICITY",
    "groundwork.workbooks.GUIDANCE",
    "groundwork.workbooks.SCHEDULES",
]
