"""Static files: the few files used from node_modules, served under /static/vendor/, and how they are stored."""

from django.conf import settings
from django.contrib.staticfiles import utils
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: folder under /static/ → (folder in node_modules, glob patterns of the files used)
VENDOR_FILES = {
    "vendor/bootstrap": (
        "bootstrap/dist",
        [
            "css/bootstrap.min.css",
            "css/bootstrap.min.css.map",
            "js/bootstrap.bundle.min.js",
            "js/bootstrap.bundle.min.js.map",
        ],
    ),
    "vendor/bootstrap-icons": (
        "bootstrap-icons/font",
        ["bootstrap-icons.min.css", "fonts/bootstrap-icons.woff", "fonts/bootstrap-icons.woff2"],
    ),
    "vendor/echarts": ("echarts/dist", ["echarts.min.js"]),
    "vendor/noto-sans-sc": ("@fontsource-variable/noto-sans-sc", ["index.css", "files/*.woff2"]),
}


class VendorFinder(BaseFinder):
    """Finds the files named in VENDOR_FILES and no others, so that collectstatic stays small."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.storages = {}
        for prefix, (folder, patterns) in VENDOR_FILES.items():
            storage = FileSystemStorage(location=settings.NODE_MODULES / folder)
            storage.prefix = prefix
            self.storages[prefix] = (storage, patterns)

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        for prefix, (storage, patterns) in self.storages.items():
            relative = path.removeprefix(f"{prefix}/")
            if (
                relative != path
                and utils.matches_patterns(relative, patterns)
                and storage.exists(relative)
            ):
                found = storage.path(relative)
                return [found] if find_all else found
        return [] if find_all else None

    def list(self, ignore_patterns):
        for storage, patterns in self.storages.values():
            for path in utils.get_files(storage, ignore_patterns):
                if utils.matches_patterns(path, patterns):
                    yield path, storage


class HashedGzipStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and gzip; no brotli, which takes ten times as long for a few kilobytes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.addresses: dict[str, str] = {}

    def url(self, name, force=False):
        """The address, kept: a page has some twenty, and the files of a running process do not change."""
        if force or settings.DEBUG:
            return super().url(name, force)
        found = self.addresses.get(name)
        if found is None:
            found = self.addresses[name] = super().url(name)
        return found

    def create_compressor(self, **kwargs):
        return super().create_compressor(use_brotli=False, **kwargs)
