"""Rollups, daily reports, bulletins, jobs, closing reports and workbooks. Reads every app, writes only its own rows."""

from .daily import DailyReport, DailyUnlock
from .documents import Bulletin, ClosingReport, ReportText, annex_path, closing_report_path
from .jobs import Job
from .own import DailyDigest, SavedView
from .progress import CountyProgress, KeptFigures, TeamTarget, TierRun, TownshipProgress
from .workbooks import (
    ImportLine,
    WorkbookExport,
    WorkbookImport,
    export_path,
    import_path,
    painted_path,
)

__all__ = [
    "Bulletin",
    "ClosingReport",
    "CountyProgress",
    "DailyDigest",
    "DailyReport",
    "DailyUnlock",
    "ImportLine",
    "Job",
    "KeptFigures",
    "ReportText",
    "SavedView",
    "TeamTarget",
    "TierRun",
    "TownshipProgress",
    "WorkbookExport",
    "WorkbookImport",
    "annex_path",
    "closing_report_path",
    "export_path",
    "import_path",
    "painted_path",
]
