"""What a seat keeps: standard answers, consultations, drafts, saved views."""

from wangge.desk.models.answers import Answer, AnswerVersion, Asker, Consultation

__all__ = ["Answer", "AnswerVersion", "Asker", "Consultation"]
