"""Every write of the reporting app: daily reports, bulletins, jobs, closing reports."""
