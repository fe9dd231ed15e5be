from . import test_history_sms, test_structure
