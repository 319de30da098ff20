"""The settings of `make run` for the servers that are measured, with the slow form of P4 beside the product's pages."""

from config.settings.dev import *

ROOT_URLCONF = "bench.urls"
