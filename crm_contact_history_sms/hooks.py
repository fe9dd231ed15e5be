def post_init_hook(env):
    """Fill the history from the text messages that were sent already."""
    env["contact.history.rebuild"]._backfill(["mail.message"])
