from . import contact_answer_report, contact_history_report, contact_tie_report
