def post_init_hook(env):
    """Give every company that exists at installation its own series of ticket numbers."""
    env["res.company"].search([])._ensure_ticket_sequence()
