from . import loyalty_occasion, pos_order
