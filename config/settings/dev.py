"""The settings of `make run`: one machine, plain http, the component gallery shown."""

from .base import *
from .base import env

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
SHOW_GALLERY = True
