"""A planted reporter's name is looked for everywhere it could come out: no hit outside ciphertext.

The servers are real, on a database, broker and folders of their own: what they log, send and leave behind is read.
"""

import http.cookiejar
import json
import re
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile, is_zipfile

import pytest
import redis
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from complaints.models import Complaint, ReporterIdentity
from elections.models import VillageElection
from reporting.models import Job
from tests.access.table import TABLE, Scope
from tests.access.world import build
from tests.factories.files import PDF
from tests.stack.servers import Stack
from tests.villages.test_planted_number import text_of

NAME, PHONE, HOME = "欧阳示范植入", "13999990042", "示范植入路42号"
PLANTED = (NAME, PHONE, HOME)
PASSWORD = "Access-2026-test"
#: How a text may be spelled in a log, a message or a file.
SPELLINGS = tuple(
    spelled
    for text in PLANTED
    for spelled in {
        text.encode(),
        text.encode("gbk"),
        text.encode("utf-16-le"),
        urllib.parse.quote(text).encode(),
        urllib.parse.quote(text).lower().encode(),
        json.dumps(text)[1:-1].encode(),
        repr(text.encode())[2:-1].encode(),
    }
)


def hits(content: bytes) -> list[bytes]:
    return [spelled for spelled in SPELLINGS if spelled in content]


class Visitor:
    """A browser without script: cookies, forms, files; redirects are followed."""

    def __init__(self, base_url: str):
        self.base_url = base_url
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def ask(self, path: str, data: dict | None = None) -> tuple[int, str, bytes]:
        """Status, address at the end, body."""
        body = encode_multipart(BOUNDARY, data) if data is not None else None
        headers = {"Content-Type": MULTIPART_CONTENT} if body is not None else {}
        request = urllib.request.Request(self.base_url + path, body, headers)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.url, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.url, error.read()

    def send(self, path: str, data: dict) -> tuple[int, str, bytes]:
        """POST with the token that the page at this address gave."""
        _, _, page = self.ask(path)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
        return self.ask(path, {**data, "csrfmiddlewaretoken": token.decode()})

    def signed_in(self, username: str) -> "Visitor":
        status, url, _ = self.send("/login/", {"username": username, "password": PASSWORD})
        assert status == 200 and "/login/" not in url
        return self


@pytest.fixture(scope="module")
def servers(tmp_path_factory, django_db_blocker, request):
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    folder = tmp_path_factory.mktemp("planted")
    servers = Stack(folder, f"planted_{worker}", django_db_blocker.unblock)
    (folder / "tmp").mkdir()
    servers.environment["TMPDIR"] = str(folder / "tmp")
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


@pytest.fixture(scope="module")
def sent_to_broker(servers):
    """Everything that anybody tells the broker while the module runs: messages with their arguments among it."""
    url = urllib.parse.urlsplit(servers.environment["REDIS_URL"])
    commands: list[bytes] = []
    with socket.create_connection((url.hostname, url.port)) as connection:
        connection.sendall(f"AUTH {url.password}\r\nMONITOR\r\n".encode())

        def listen() -> None:
            while True:
                try:
                    received = connection.recv(65536)
                except OSError:
                    return
                if not received:
                    return
                commands.append(received)

        threading.Thread(target=listen, daemon=True).start()
        yield commands
        connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def planted(servers, sent_to_broker):
    """The name sent through the public form and the staff's, taken, refused and failing; then a report is produced."""
    with servers.orm():
        world = build()
        election = VillageElection.objects.filter(township=world.own).order_by("pk").first()
        facts = SimpleNamespace(
            world=world,
            township=world.own.pk,
            village=election.village_id,
            election=election.pk,
            campaign=world.campaign.pk,
            before=Complaint.objects.count(),
        )
    facts.pages = {}
    visitor = Visitor(servers.base_url)

    def report(key: bytes, **more):
        data = {
            "township": facts.township,
            "village": facts.village,
            "key": key.decode(),
            "whom": "village",
            "category": "report",
            "cause": "bribery",
            "summary": f"示例内容，{NAME}，{PHONE}",
            "is_named": "1",
            "name": NAME,
            "phone": PHONE,
            "address": HOME,
        }
        return visitor.ask("/report/", data | more)

    def key() -> bytes:
        _, _, page = visitor.ask("/report/", {"township": facts.township})
        return re.search(rb'name="key" value="([^"]+)"', page).group(1)

    # Large enough that a server would put it into a temporary file.
    paper = BytesIO(PDF + NAME.encode() * 200_000)
    paper.name = f"{NAME}的材料.pdf"
    status, _, page = report(key(), files=paper)
    assert status == 200, page.decode()
    facts.pages["sent"] = page
    receipt = "".join(re.findall(r"<span>(\d{4})</span>", page.decode()))
    more = {"receipt": receipt, "action": "add", "text": f"补充：{NAME}"}
    facts.pages["added"] = visitor.ask("/report/receipt/", more)[2]
    facts.refused = report(key(), cause="nonsense")
    assert facts.refused[0] == 422
    status, _, facts.pages["forged"] = report(b"x:y:z")
    assert status == 403
    status, _, facts.pages["missing"] = visitor.ask(f"/report/{urllib.parse.quote('无')}/")
    assert status == 404

    staff = Visitor(servers.base_url).signed_in("discipline")
    form = {
        "election": facts.election,
        "channel": "call",
        "category": "report",
        "cause": "bribery",
        "accused": "village",
        "summary": "示例内容",
        "received_at": "2026-01-05T09:00",
        "people": "1",
        "is_named": "on",
        "name": NAME,
        "phone": PHONE,
        "address": HOME,
        "joins": "new",
    }
    facts.staff_refused = staff.send("/complaints/new/", form | {"cause": "nonsense"})
    assert facts.staff_refused[0] == 422
    status, url, facts.pages["staff"] = staff.send("/complaints/new/", form)
    assert status == 200 and not url.endswith("/new/"), facts.pages["staff"].decode()
    # A row that the database refuses: its complaint about the row is what a log would show.
    for table in ("complaints_reporteridentity", "complaints_event", "complaints_complaint"):
        servers.query(f"ALTER TABLE {table} ADD CONSTRAINT broken CHECK (false) NOT VALID")
        status, _, facts.pages[f"failing {table}"] = report(key())
        assert status == 500
        status, _, facts.pages[f"staff failing {table}"] = staff.send("/complaints/new/", form)
        assert status == 500
        servers.query(f"ALTER TABLE {table} DROP CONSTRAINT broken")

    clerk = Visitor(servers.base_url).signed_in("org_staff")
    closing = reverse("closing_report", kwargs={"pk": facts.campaign})
    status, _, page = clerk.send(closing, {})
    assert status == 200

    def is_done() -> bool:
        with servers.orm():
            return Job.objects.latest("requested_at").status == "done"

    servers.wait_for(is_done, seconds=90, what="the closing report")
    return facts


def test_it_was_planted_at_all(servers, planted):
    with servers.orm():
        assert Complaint.objects.count() == planted.before + 2
        assert ReporterIdentity.objects.count() == Complaint.objects.count()


def test_no_page_gives_it_back(planted):
    assert {name: hits(page) for name, page in planted.pages.items() if hits(page)} == {}


def test_a_refused_form_gives_it_back_in_its_own_fields_only(planted):
    for _, _, page in (planted.refused, planted.staff_refused):
        fields = rb'<input[^>]*name="(name|phone|address)"[^>]*>|<textarea.*?</textarea>'
        assert hits(page) and hits(re.sub(fields, b"", page, flags=re.S)) == []


def test_dump_has_only_ciphertext(servers, planted):
    tables = servers.query(
        "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name)"
        " FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
        " AND table_schema NOT IN ('pg_catalog', 'information_schema')"
    )
    assert len(tables) > 50
    found = {}
    for (table,) in tables:
        rows = "\n".join(row for (row,) in servers.query(f"SELECT t::text FROM {table} AS t"))
        if hits(rows.encode()):
            found[table] = hits(rows.encode())
    assert found == {}


def test_nothing_in_logs_uploads_and_temporary_files(servers, planted):
    files = [path for path in servers.folder.rglob("*") if path.is_file()]
    assert any(path.name == "web.log" for path in files)
    assert any("media" in path.parts for path in files)
    assert (servers.folder / "web.log").read_text(errors="replace").count("broken") >= 1
    assert {str(p): hits(p.read_bytes()) for p in files if hits(p.read_bytes())} == {}


def test_nothing_in_the_broker_nor_in_what_it_was_told(servers, planted, sent_to_broker):
    client = redis.Redis.from_url(servers.environment["REDIS_URL"])
    stored = b"\n".join(key + (client.dump(key) or b"") for key in client.scan_iter())
    told = b"".join(sent_to_broker)
    assert b"reporting.tasks" in told  # messages with their arguments went through
    assert (hits(stored), hits(told)) == ([], [])


@pytest.mark.parametrize(
    "role", ["org_staff", "leader", "coordinator", "audit_admin", "discipline"]
)
def test_nobody_reads_it_on_any_page_export_or_search(servers, planted, role):
    """Discipline staff too: the identity opens only to the named handler, who gives a reason. What the reporter wrote into
    the text itself is read by those who handle it, and by nobody else."""
    visitor = Visitor(servers.base_url)
    with servers.orm():
        username = planted.world.users[role].username
        addresses = {
            name: reverse(name, kwargs=row.kwargs(planted.world, planted.world.own))
            for name, row in TABLE.items()
            if row.reads and row.scope != Scope.PUBLIC
        }
    visitor.signed_in(username)
    found = {}
    for name, address in addresses.items():
        _, _, body = visitor.ask(address)
        if hits(text_of(body).encode()):
            found[name] = hits(text_of(body).encode())
    assert found == {}
    # Who searches for the name, or for any other, reads the same.
    pages = {searched(visitor, text) for text in (NAME, PHONE, "没有植入的人")}
    assert len(pages) == 1


def searched(visitor: Visitor, text: str) -> str:
    """What a search answers, without the words searched for and the form's token."""
    _, _, body = visitor.ask(f"/search/?q={urllib.parse.quote(text)}")
    page = body.decode().replace(text, "…").replace(urllib.parse.quote(text), "…")
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", page)


def test_what_is_looked_for_would_be_found(servers):
    """It is looked through, not past."""
    row = servers.query("SELECT %s::text", [NAME])[0][0]
    assert is_zipfile(BytesIO(zipped(NAME)))
    assert all(hits(text.encode()) for text in (*PLANTED, row, text_of(zipped(NAME))))


def zipped(text: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("x.xml", text)
    return out.getvalue()
