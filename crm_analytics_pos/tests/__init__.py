from . import test_structure, test_till_purchases
