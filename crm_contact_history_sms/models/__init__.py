from . import contact_history_entry, mail_message, mail_notification
