"""The peer of the lifecycle benchmark over HTTP: the same eight steps on SpiffWorkflow behind Flask and gunicorn,
stored in PostgreSQL.

What a service on a workflow engine does for a step: know the token, read the instance, complete its ready task,
write the instance, a row of history and a row of the outbox in one durable transaction, answer the instance's data.

Run: PEER_DSN=... gunicorn -k gthread -w 2 --threads 16 -b 127.0.0.1:PORT spiff_server:app
"""

import json
import os
import threading

import psycopg2
from flask import Flask, abort, jsonify, request
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from spiff_steps import STEPS, spec

app = Flask(__name__)
PROCESS = spec()
SERIALIZER = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
# One connection for each of the server's threads, as a pool would give.
LOCAL = threading.local()
TOKENS = {"peer": "officer"}


def cursor():
    if not hasattr(LOCAL, "connection"):
        LOCAL.connection = psycopg2.connect(os.environ["PEER_DSN"])
    return LOCAL.connection.cursor()


def officer() -> str:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return TOKENS.get(token) or abort(401)


def finish(cur, case: int, workflow: BpmnWorkflow, step: str, by: str):
    """Completes the ready task, which must be `step`, and stores what happened."""
    task = workflow.get_next_task(state=TaskState.READY)
    if task is None or task.task_spec.bpmn_id != step:
        LOCAL.connection.rollback()
        abort(409)
    task.run()
    workflow.do_engine_steps()
    cur.execute("UPDATE instance SET body = %s WHERE id = %s", (SERIALIZER.serialize_json(workflow), case))
    line = json.dumps({"step": step, "by": by, "body": request.get_json()})
    cur.execute("INSERT INTO history (instance, at, body) VALUES (%s, now(), %s)", (case, line))
    cur.execute("INSERT INTO outbox (instance, body) VALUES (%s, %s)", (case, line))
    LOCAL.connection.commit()
    return jsonify({"id": case, "step": step, "done": workflow.is_completed(), "data": workflow.data})


@app.post("/cases")
def create():
    by = officer()
    workflow = BpmnWorkflow(PROCESS)
    workflow.data.update(request.get_json())
    workflow.do_engine_steps()
    cur = cursor()
    cur.execute("INSERT INTO instance (body) VALUES ('') RETURNING id")
    return finish(cur, cur.fetchone()[0], workflow, STEPS[0], by), 201


@app.post("/cases/<int:case>/<step>")
def step(case: int, step: str):
    by = officer()
    cur = cursor()
    cur.execute("SELECT body FROM instance WHERE id = %s FOR UPDATE", (case,))
    row = cur.fetchone()
    if row is None:
        LOCAL.connection.rollback()
        abort(404)
    return finish(cur, case, SERIALIZER.deserialize_json(row[0]), step, by)
