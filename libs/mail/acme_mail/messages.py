"""A mail as RFC 5322 writes it."""

from email.message import EmailMessage
from email.utils import format_datetime

from acme_core.clock import utc_now
from acme_mail.mailer import Mail


def as_message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"] = format_datetime(utc_now())
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message
