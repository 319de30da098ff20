"""What the pages of this app share: sign-in, the campaign of the address, the clock."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest
from django.utils import timezone
from django.views import View

from ..context import page_campaign


class Page(LoginRequiredMixin, View):
    """A page for signed-in users; reads the clock once."""

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.at = timezone.now()
        self.today = timezone.localdate(self.at)


class CampaignPage(Page):
    """A page about the campaign whose number is `pk` in its address."""

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.campaign = page_campaign(request, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)
