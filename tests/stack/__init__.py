"""The real thing for journeys: servers (servers.py) and a browser (browser.py)."""
