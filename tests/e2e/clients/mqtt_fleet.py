"""Devices that publish with QoS 1 through paho, a client of a third party, and say what was acknowledged.

Reads one JSON document from standard input:
    host, port, devices: [{code, token, profile}], first: number to begin with, base_ms: time of number 0,
    until: how many each device publishes; 0 is "until the server goes", version: 4 (3.1.1) or 5
Prints `sent CODE NUMBER` and `ack CODE NUMBER`; ends when every device has its answers or has lost the server.
"""

import json
import sys
import threading
import time

import paho.mqtt.client as mqtt

WINDOW = 20
PRINT = threading.Lock()


def say(*words):
    with PRINT:
        print(*words, flush=True)


def run(plan, device):
    numbers = {}
    lost = threading.Event()
    free = threading.Semaphore(WINDOW)
    answered = [0]
    client = mqtt.Client(
        mqtt.CallbackAPIVersion.VERSION2, client_id=device["code"], protocol=plan["version"]
    )
    client.username_pw_set(device["code"], device["token"])
    client.max_inflight_messages_set(WINDOW)
    # An answer may be here before `publish` has told the number of its packet.
    guard, early = threading.Lock(), {}

    def settle(number, reason):
        if reason.is_failure:
            say("refused", device["code"], number, reason)
        else:
            say("ack", device["code"], number)
        answered[0] += 1
        free.release()

    def on_publish(_client, _data, mid, reason, _properties):
        with guard:
            number = numbers.pop(mid, None)
            if number is None:
                early[mid] = reason
        if number is not None:
            settle(number, reason)

    def on_disconnect(*_):
        lost.set()
        free.release()

    client.on_publish = on_publish
    client.on_disconnect = on_disconnect
    client.connect(plan["host"], plan["port"])
    client.loop_start()
    topic = f"yw/v1/{device['profile']}/{device['code']}/up/props"
    number = plan["first"]
    last = plan["first"] + plan["until"] if plan["until"] else None
    while not lost.is_set() and (last is None or number < last):
        free.acquire()
        if lost.is_set():
            break
        body = json.dumps({"time": plan["base_ms"] + number, "values": {"rain_total": number}})
        say("sent", device["code"], number)
        mid = client.publish(topic, body, qos=1).mid
        with guard:
            reason = early.pop(mid, None)
            if reason is None:
                numbers[mid] = number
        if reason is not None:
            settle(number, reason)
        number += 1
    if last is not None:
        deadline = time.monotonic() + 30
        while answered[0] < plan["until"] and not lost.is_set() and time.monotonic() < deadline:
            time.sleep(0.01)
    client.loop_stop()


def main():
    plan = json.load(sys.stdin)
    threads = [threading.Thread(target=run, args=(plan, each)) for each in plan["devices"]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
