"""The peer of the lifecycle benchmark: the same eight steps on SpiffWorkflow, stored in PostgreSQL.

Every step is what a service does on a workflow engine with a store: read the instance, complete its ready
task, write the instance and a row of history in one durable transaction. Several processes share the work.

Usage: spiff_steps.py POSTGRES_DSN CASES PROCESSES   (prints one line: STEPS SECONDS STEPS_PER_SECOND)
"""

import json
import multiprocessing
import os
import sys
import tempfile
import time

import psycopg2
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

STEPS = ["create", "accept", "register", "dispatch", "sign", "report", "verify", "close"]
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def bpmn() -> str:
    nodes = ["start", *STEPS, "end"]
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(zip(nodes, nodes[1:]))
    )
    tasks = "".join(
        f'<manualTask id="{s}" name="{s}"><incoming>f{n}</incoming><outgoing>f{n + 1}</outgoing></manualTask>'
        for n, s in enumerate(STEPS)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{MODEL}" targetNamespace="x">'
        f'<process id="case" isExecutable="true"><startEvent id="start"><outgoing>f0</outgoing></startEvent>'
        f'{tasks}<endEvent id="end"><incoming>f{len(STEPS)}</incoming></endEvent>{flows}</process></definitions>'
    )


def spec():
    with tempfile.NamedTemporaryFile("w", suffix=".bpmn", delete=False) as file:
        file.write(bpmn())
    parser = BpmnParser()
    parser.add_bpmn_file(file.name)
    os.unlink(file.name)
    return parser.get_spec("case")


def work(dsn: str, cases: int) -> int:
    process = spec()
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    connection = psycopg2.connect(dsn)
    cursor = connection.cursor()
    steps = 0
    words = {"title": "路面积水", "text": "市民来电反映道路积水较深，车辆通行困难，请尽快安排人员处理并回复。"}
    for _ in range(cases):
        workflow = BpmnWorkflow(process)
        workflow.data.update(words)
        workflow.do_engine_steps()
        text = serializer.serialize_json(workflow)
        cursor.execute("INSERT INTO instance (body) VALUES (%s) RETURNING id", (text,))
        case = cursor.fetchone()[0]
        connection.commit()
        for step in STEPS:
            cursor.execute("SELECT body FROM instance WHERE id = %s FOR UPDATE", (case,))
            workflow = serializer.deserialize_json(cursor.fetchone()[0])
            task = workflow.get_next_task(state=TaskState.READY)
            task.run()
            workflow.do_engine_steps()
            cursor.execute("UPDATE instance SET body = %s WHERE id = %s", (serializer.serialize_json(workflow), case))
            cursor.execute(
                "INSERT INTO history (instance, at, body) VALUES (%s, now(), %s)",
                (case, json.dumps({"step": step, "by": "officer"})),
            )
            connection.commit()
            steps += 1
        assert workflow.is_completed()
    return steps


def main() -> None:
    dsn, cases, processes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    connection = psycopg2.connect(dsn)
    cursor = connection.cursor()
    cursor.execute("DROP TABLE IF EXISTS outbox; DROP TABLE IF EXISTS history; DROP TABLE IF EXISTS instance")
    cursor.execute("CREATE TABLE instance (id BIGSERIAL PRIMARY KEY, body TEXT NOT NULL)")
    cursor.execute("CREATE TABLE history (id BIGSERIAL PRIMARY KEY, instance BIGINT NOT NULL, at TIMESTAMPTZ, body TEXT)")
    cursor.execute("CREATE INDEX history_instance ON history (instance)")
    cursor.execute("CREATE TABLE outbox (id BIGSERIAL PRIMARY KEY, instance BIGINT NOT NULL, body TEXT)")
    connection.commit()
    with multiprocessing.Pool(processes) as pool:
        start = time.monotonic()
        done = sum(pool.starmap(work, [(dsn, cases // processes)] * processes))
        seconds = time.monotonic() - start
    cursor.execute("SELECT count(*) FROM history")
    assert cursor.fetchone()[0] == done
    print(done, round(seconds, 3), round(done / seconds, 1))


if __name__ == "__main__":
    main()
