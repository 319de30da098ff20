"""What pages outside a stage share: sign-in, the campaign of the address, the clock read once."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.views import View

from accounts.errors import Forbidden
from villages.scoping import roles_of

from ..models import Campaign
from ..querysets import READERS
from ..selectors import campaign_of


def page_campaign(user, pk: int) -> Campaign:
    """The campaign a page's address names. Raises Http404 (not in sight), Forbidden (no role that reads progress)."""
    campaign = campaign_of(user, pk)
    if campaign is None:
        raise Http404
    if not roles_of(user).intersection(READERS):
        raise Forbidden("换届进度由组织部工作人员、乡镇联络员和领导查看。")
    return campaign


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
        self.campaign = page_campaign(request.user, kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)
