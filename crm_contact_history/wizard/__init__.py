from . import (
    base_partner_merge,
    base_partner_merge_records,
    contact_anonymise,
    contact_plan_call,
    customer_asset_new_owner,
)
