"""A tour fails on any error in the browser's console: those that Odoo looks for, and those that it overlooks."""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

DONE = "console.log('test successful');"


def later(milliseconds):
    """Script that ends the test after a while."""
    return f"setTimeout(() => {{{DONE}}}, {milliseconds})"


@tagged("post_install", "-at_install")
class TestConsoleErrors(HttpCase):
    def run_script(self, script):
        with mute_logger("odoo", "odoo.tests.common"):
            self.browser_js("/web/login", script, "document.readyState === 'complete'")

    def assert_fails(self, script, words):
        with self.assertRaises(AssertionError) as caught:
            self.run_script(script)
        self.assertIn(words, str(caught.exception))

    def test_a_quiet_page_passes(self):
        self.run_script(DONE)

    def test_a_console_error_fails(self):
        self.assert_fails("console.error('spilt milk'); " + DONE, "spilt milk")

    def test_an_uncaught_exception_fails(self):
        self.assert_fails("setTimeout(() => { throw new Error('spilt milk'); }); " + later(500), "spilt milk")

    def test_an_image_that_is_not_there_fails(self):
        script = f"const image = new Image(); image.onerror = () => {later(300)}; image.src = '/gone.png';"
        self.assert_fails(script, "404")

    def test_a_request_that_the_server_refuses_fails(self):
        self.assert_fails(f"fetch('/my/gone').then(() => {later(300)})", "404")

    def test_an_error_after_the_last_step_fails(self):
        self.assert_fails(DONE + "console.error('spilt milk');", "spilt milk")
