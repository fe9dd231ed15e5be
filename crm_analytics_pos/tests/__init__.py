from . import test_structure, test_till_occasions, test_till_programs, test_till_purchases
