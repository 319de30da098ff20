"""The barest page: one indexed query, a template of a few lines, nobody signed in."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from villages.models import Village

PAGE = engines["django"].from_string(
    "<!doctype html><html lang=zh-CN><title>{{ village.name }}</title><h1>{{ village.name }}</h1>"
    "<p>{{ village.code }}</p><p>{{ village.get_kind_display }}</p><p>{{ village.opened_on|date:'Y-m-d' }}</p></html>"
)


def page(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(PAGE.render({"village": Village.objects.get(pk=pk)}, request))


urlpatterns = [path("<int:pk>/", page)]
