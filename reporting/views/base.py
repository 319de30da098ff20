"""What the pages of this app share stands with the elections: sign-in, the campaign of the address, the clock."""

from elections.views.base import CampaignPage, Page

__all__ = ["CampaignPage", "Page"]
