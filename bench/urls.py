"""The product's addresses and the plain form that P4 compares its report with."""

from django.urls import path

from config.urls import urlpatterns as product

from .plain import report

urlpatterns = [path("plain/<int:township_pk>/<str:day>/", report), *product]
