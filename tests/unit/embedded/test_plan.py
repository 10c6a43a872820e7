from shared.embedded.engines import own_databases
from shared.embedded.plan import Stage, linkwork


def test_linkwork_is_three_web_services_a_worker_each_one_beat_and_a_mail_catcher():
    plan = linkwork(5000, "run/beat")
    names = sorted(process.name for process in plan.processes)
    services = ("directory", "notifications", "referrals")
    assert names == sorted(
        ["beat", "catcher", *(f"{name}-web" for name in services), *(f"{name}-worker" for name in services)]
    )
    assert [page.url for page in plan.pages] == [
        "http://localhost:5001",
        "http://localhost:5002",
        "http://localhost:5003",
    ]
    assert "demo-only-password" in plan.sign_ins
    assert "linkworker@demo.example" in plan.sign_ins


def test_one_base_moves_every_port_and_everything_listens_on_this_machine_only():
    for base in (5000, 6000):
        plan = linkwork(base, "run/beat")
        ports = [process.port for process in plan.processes if process.port]
        every = [*ports, plan.postgres_port, plan.valkey_port]
        assert sorted(every) == [base + 1, base + 2, base + 3, base + 25, base + 32, base + 79]
        for process in plan.processes:
            if process.stage is Stage.WEB:
                assert f"127.0.0.1:{process.port}" in process.command


def test_each_worker_takes_its_own_service_s_queue_alone():
    workers = [process for process in linkwork(5000, "x").processes if process.stage is Stage.WORKER]
    queues = {process.command[process.command.index("--queues") + 1] for process in workers}
    assert {process.name for process in workers} == {f"{queue}-worker" for queue in queues}
    assert len(queues) == 3


def test_with_a_mail_server_of_one_s_own_nothing_is_caught():
    assert "catcher" not in {process.name for process in linkwork(5000, "x", catches_mail=False).processes}


def test_databases_of_one_s_own_are_used_only_when_all_are_named():
    plan = linkwork(5000, "x")
    names = ["DATABASE_URL_DIRECTORY", "DATABASE_URL_REFERRALS", "DATABASE_URL_NOTIFICATIONS"]
    assert own_databases(plan, {}) == {}
    assert own_databases(plan, dict.fromkeys(names, "x")) == dict.fromkeys(names, "x")
