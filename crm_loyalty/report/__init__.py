from . import card_report
