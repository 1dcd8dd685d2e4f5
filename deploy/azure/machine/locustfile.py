"""People who buy, for Locust: they stand in line, hold the best two seats and buy them. `jari load` has more kinds of people, and checks every promise.

    locust --locustfile locustfile.py --host https://tickets.example.org --headless --users 500 --spawn-rate 50 --run-time 2m
"""
import os
import time
import uuid

from locust import FastHttpUser, between, task
from locust.exception import StopUser

# The event; the first that is listed, if it is not said.
EVENT = os.environ.get("JARI_EVENT", "")


class Buyer(FastHttpUser):
    """Comes once for each purchase, as somebody else."""

    wait_time = between(1, 3)

    def on_start(self):
        self.event = EVENT or self.client.get("/api/events").json()["items"][0]["event_id"]

    @task
    def buy(self):
        entered = self.client.post("/api/queue/enter", json={"event_id": self.event})
        if entered.status_code not in (200, 201):
            return
        place = entered.json()
        while not place.get("pass"):
            if place.get("state") in ("done", "expired"):
                return
            time.sleep(place.get("poll_after_ms", 2000) / 1000)
            path = f"/api/queue/status?event_id={self.event}"
            told = self.client.get(path, headers={"Authorization": f"Bearer {self.ticket(place)}"}, name="/api/queue/status")
            if told.status_code == 200:
                place = {"ticket": self.ticket(place)} | told.json()
        self.client.get(f"/api/events/{self.event}/availability", name="/api/events/[event]/availability")
        self.purchase(place["pass"])

    @staticmethod
    def ticket(place):
        return place["ticket"]

    def purchase(self, entry_pass):
        key = {"Idempotency-Key": str(uuid.uuid4())}
        wish = {"best_available": {"quantity": 2}}
        with self.client.post(f"/api/events/{self.event}/holds", json=wish, headers=key | {"Authorization": f"Bearer {entry_pass}"},
                              name="/api/events/[event]/holds", catch_response=True) as hold:
            if hold.status_code == 409:
                # Somebody else was sooner, or all is sold: an answer like any other.
                hold.success()
                raise StopUser
            if hold.status_code not in (200, 201):
                return
        purchase = {"hold_token": hold.json()["hold_token"], "buyer": {"name": "Kim", "contact": "010"}}
        self.client.post(f"/api/events/{self.event}/reservations", json=purchase, headers=key, name="/api/events/[event]/reservations")
