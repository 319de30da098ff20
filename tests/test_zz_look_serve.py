import os, random, sys
from datetime import date, timedelta
import pytest
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
from django.utils import timezone
from django.conf import settings
from tests.reporting.conftest import *
from tests.reporting.test_rollups import add_member, add_round, elect, nominate
from tests.reporting.test_dashboard import big_campaign
from reporting import rollups
from groundwork.models import RiskGrade
from elections.enums import *
from elections.stages import STAGES
from elections.models import *
from candidates.enums import *

OUT = "/tmp/dashshots"

def fill(world):
    r = random.Random(3)
    import tests.reporting.conftest as c
    today = timezone.localdate()
    c_start = today - timedelta(days=45)
    import tests.reporting.test_dashboard as td
    td.START, td.END = c_start, c_start + timedelta(days=60)
    td.NOON = timezone.now() - timedelta(days=45)
    camp = td.big_campaign(world)
    order = list(STAGES)
    for e in camp.elections.select_related("village", "township", "campaign"):
        k = r.random()
        day = today - timedelta(days=r.randint(1, 12))
        if k < .12:
            finish(e, on=day)
        else:
            st = order[min(16, max(1, int(r.gauss(11.5, 2.2))))]
            settle_up_to(e, st, on=day)
            if STAGES[st].confirmer and r.random() < .5:
                e.stage_records.filter(stage=st).update(status="submitted", submitted_at=timezone.now(), submitted_by=world.users.staff)
        if r.random() < .95:
            g = r.choices(["green", "yellow", "red"], [75, 18, 7])[0]
            RiskGrade.objects.create(election=e, grade=g, graded_on=day, leader="张丙寅", work_group="工作组", plan="一村一策")
        if e.done_count >= 13:
            b = add_round(e, world.users.east)
            for n in range(3):
                m = add_member(e, "王李张"[n] + "甲子", "female" if n == 1 else "male")
                nominate(e, m, "prepared")
                elect(e, m, b, "member", reelected=r.random() < .6)
                if n == 0: elect(e, m, b, "secretary", reelected=r.random() < .6)
        elif r.random() < .3:
            for n in range(4): nominate(e, add_member(e, "王李张刘"[n] + "乙丑"))
    e = camp.elections.order_by("pk")[5]
    for n in range(4):
        x = camp.elections.order_by("pk")[n]
        ExceptionRequest.objects.create(election=x, stage="preliminary", code="women", reason="本村女党员仅3名，均已年满六十周岁，无合适人选", requested_by=world.users.east, requested_at=timezone.now(), approved=True if n < 2 else None, decided_by=world.users.staff if n < 2 else None, decided_at=timezone.now() if n < 2 else None)
    for i, row in enumerate(camp_rows(camp)):
        if i % 3: 
            from reporting.models import DailyReport
            DailyReport.objects.create(campaign=camp, township_id=row, county_id=camp.area_id, day=today, number=f"x{row}", elections=20, confirmed_by=world.users.east, confirmed_name="王甲子", confirmed_at=timezone.now())
    from django.db import transaction
    with transaction.atomic():
        rollups.refresh_townships(campaign_id=camp.pk, township_ids=camp_rows(camp), at=timezone.now())
    return camp

def camp_rows(camp):
    return sorted(set(camp.elections.values_list("township_id", flat=True)))

@pytest.mark.django_db(transaction=True)
def test_shots(world, live_server, client):
    camp = fill(world)
    town = camp_rows(camp)[2]
    e = camp.elections.filter(township_id=town, done_count__gte=13, completed_on=None).first()
    e2 = camp.elections.filter(township_id=town, done_count__lt=13).first()
    coord = make_user("coord", Role.COORDINATOR, Jurisdiction.objects.get(pk=town))

    import json, time
    state = {"url": live_server.url, "camp": camp.pk, "town": town, "e": e.pk, "e2": e2.pk, "sid": {}}
    from django.test import Client
    for who in ("staff", "leader", "vetting", "coord"):
        c = Client()
        u = coord if who == "coord" else getattr(world.users, who)
        c.force_login(u)
        if who in ("staff", "coord"): c.post("/campaign/choose/", {"campaign": camp.pk})
        state["sid"][who] = c.cookies["sessionid"].value
    json.dump(state, open("/tmp/look/state.json", "w"))
    while not os.path.exists("/tmp/look/stop"): time.sleep(1)
