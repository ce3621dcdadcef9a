"""What a seat keeps: standard answers, consultations, drafts, saved views."""

from wangge.desk.models.answers import Answer, AnswerVersion, Asker, Consultation
from wangge.desk.models.drafts import Draft
from wangge.desk.models.views import Pin, View

__all__ = ["Answer", "AnswerVersion", "Asker", "Consultation", "Draft", "Pin", "View"]
