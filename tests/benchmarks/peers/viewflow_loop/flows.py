"""The loop as django-viewflow has it: a class in Python."""

from datetime import timedelta

from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.models import Process


class Loop(flow.Flow):
    process_class = Process
    lock_impl = lock.select_for_update_lock

    raised = flow.StartHandle(this.begin).Next(this.register)
    register = flow.View(None).OnTimeout(timedelta(hours=2), this.told, interrupting=False).Next(this.weigh)
    weigh = flow.Function(this.weighed).Next(this.dispatch)
    dispatch = flow.View(None).Next(this.accept)
    accept = flow.View(None).Next(this.rectify)
    rectify = flow.View(None).OnTimeout(timedelta(days=3), this.told, interrupting=False).Next(this.review)
    review = flow.View(None).Next(this.sent_back)
    sent_back = flow.If(lambda activation: activation.process.data["rework"]).Then(this.rectify).Else(this.feedback)
    feedback = flow.View(None).Next(this.closed)
    told = flow.End()
    closed = flow.End()

    def begin(self, activation):
        activation.process.data = {"title": "码头社区卡口无人值守"}

    def weighed(self, activation):
        activation.process.data["weight"] = 2
        activation.process.save()
