import io
import itertools

import psycopg2
from odoo import api, fields, models
from odoo.addons.crm_contact_history.patience import patiently
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, split_every

from .card_import_copy import copy_rows
from .card_import_file import FileProblem, rows_of
from .card_import_parse import RowParser

LOAD_BATCH = 5000  # rows read between two commits
TAKE_BATCH = 1000  # cards made between two commits
FOLLOW_BATCH = 50  # members whose quotations are priced anew between two commits
AT_ONCE, AT_ONCE_BYTES = 500, 100_000  # so few rows are imported, so short a file is checked while the user waits
KEPT_DAYS = 60  # rows hold personal data; the report can be fetched for so long
READING = {"file", "club_id", "encoding", "date_format", "decimal", "create_missing"}


class LoyaltyCardImport(models.Model):
    """A file of cards that members have in hand already, on its way into a club.

    First the file is read into rows and each is checked: what would be imported, and what is refused and why, is shown
    before anything is. Then the rows are taken in batches. A batch is one transaction with the mark that it is done, so
    a killed run goes on where it was, and takes nothing twice.
    """

    _name = "loyalty.card.import"
    _description = "Import of Cards"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="File Name", default="cards.csv", required=True)
    file = fields.Binary(attachment=True, copy=False, help="CSV, or the first sheet of an XLSX file.")
    club_id = fields.Many2one("loyalty.club", required=True, index=True, ondelete="restrict", check_company=True)
    program_id = fields.Many2one(related="club_id.program_id")
    company_id = fields.Many2one(related="club_id.company_id", store=True, index=True)
    encoding = fields.Selection(
        [
            ("utf-8", "UTF-8"),
            ("cp1252", "Windows, western Europe (1252)"),
            ("cp1250", "Windows, central Europe (1250)"),
            ("cp1251", "Windows, Cyrillic (1251)"),
            ("shift_jis", "Japanese (Shift JIS)"),
            ("gb18030", "Chinese (GB 18030)"),
        ],
        required=True,
        default="utf-8",
        help="Of a CSV file. UTF-8 and UTF-16 with a byte order mark are recognised.",
    )
    date_format = fields.Selection(
        [("ymd", "2026-12-31"), ("dmy", "31/12/2026"), ("mdy", "12/31/2026")],
        string="Dates",
        required=True,
        default="ymd",
        help="2026-12-31 is understood in any case.",
    )
    decimal = fields.Selection([("point", "12.5"), ("comma", "12,5")], string="Points", required=True, default="point")
    create_missing = fields.Boolean(
        string="Make New Customers",
        default=True,
        help="Of rows whose customer is not known yet. Else they are refused.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("loading", "Being read"),
            ("checked", "Checked"),
            ("importing", "Being imported"),
            ("done", "Done"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    problem = fields.Char(readonly=True, copy=False, help="Why the file cannot be read.")
    row_count = fields.Integer(string="Rows", readonly=True, copy=False)
    ok_count = fields.Integer(string="To Import", readonly=True, copy=False)
    refused_count = fields.Integer(string="Refused", readonly=True, copy=False)
    done_count = fields.Integer(string="Imported", readonly=True, copy=False)
    followed_partner = fields.Integer(
        string="Quotations Done Up To", readonly=True, copy=False, help="Number of the last member."
    )
    progress = fields.Float(compute="_compute_progress")

    # Serves the scheduled job.
    _at_work_idx = models.Index("(id) WHERE state IN ('loading', 'importing')")

    @api.depends("done_count", "ok_count")
    def _compute_progress(self):
        for run in self:
            total = run.done_count + run.ok_count
            run.progress = 100.0 * run.done_count / total if total else 0.0

    def write(self, vals):
        """Another file, or another way to read it: what was checked is no longer true."""
        if READING & vals.keys() and not self.env.su:
            for run in self:
                if run.state not in ("draft", "checked"):
                    raise UserError(self.env._("“%s” is at work or done: make a new import.", run.name))
            self.check_access("write")
            # sudo: rows are nobody's to write; the right to write the import is checked above.
            self.sudo()._forget_rows()
            vals = {**vals, "state": "draft", "problem": False}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_at_work(self):
        for run in self:
            if run.state == "importing":
                raise UserError(self.env._("“%s” is being imported. Wait for its end.", run.name))

    # ------------------------------------------------------------ buttons

    def action_check(self):
        """Read the file and say of each row whether it can be imported. Nothing is imported yet."""
        self.ensure_one()
        self._check_manager()
        self._lock()
        if self.state not in ("draft", "checked"):
            raise UserError(self.env._("“%s” is at work already.", self.name))
        # sudo: only a manager comes here (_check_manager); rows and progress are nobody's to write.
        run = self.sudo()
        if not run._attachment():
            raise UserError(self.env._("Choose a file first."))
        run._forget_rows()
        run.write({"state": "loading", "problem": False})
        if run._attachment().file_size <= AT_ONCE_BYTES:
            run._load(go_on=lambda *_args, **_kwargs: True)
        else:
            self.env.ref("crm_loyalty.ir_cron_card_import")._trigger()
        return True

    def action_import(self):
        """Take the rows that can be taken."""
        self.ensure_one()
        self._check_manager()
        self._lock()
        if self.state != "checked" or not self.ok_count:
            raise UserError(self.env._("“%s” has no rows that were checked and can be imported.", self.name))
        run = self.sudo()  # as in action_check
        run.state = "importing"
        if run.ok_count <= AT_ONCE:
            run._take(go_on=lambda *_args, **_kwargs: True, patience=lambda _env, work: work())
        else:
            self.env.ref("crm_loyalty.ir_cron_card_import")._trigger()
        return True

    def action_open_rows(self):
        """The rows, the refused ones first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_loyalty.loyalty_card_import_row_action")
        context = {"search_default_refused": 1} if self.refused_count else {}
        return {**action, "domain": [("import_id", "=", self.id)], "context": context}

    def action_download_refused(self):
        """The refused rows with their reasons, in the form of the file, to be mended and imported again."""
        self.ensure_one()
        self._check_manager()
        if not self.refused_count:
            raise UserError(self.env._("No row of “%s” is refused.", self.name))
        return {"type": "ir.actions.act_url", "url": f"/crm_loyalty/card_import/{self.id}.csv", "target": "download"}

    def _check_manager(self):
        self.check_access("read")
        self.env["loyalty.club"]._check_manager(self.env._("Only a club manager imports cards."))

    def _lock(self):
        """Wait until nobody else works on this import."""
        self.flush_recordset()
        self.env.execute_query(SQL("SELECT id FROM loyalty_card_import WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset()

    # ------------------------------------------------------------ job

    @api.model
    def _cron_work(self):
        """Go on with the imports that are being read or imported, in batches, each committed."""
        cron = self.env["ir.cron"]

        def go_on(count, remaining=None):
            self.env.invalidate_all()  # what a batch has read is not kept: memory stays as it is
            return cron._commit_progress(count, remaining=remaining)

        while run := self.search([("state", "in", ("loading", "importing"))], order="id", limit=1):
            finished = run._load(go_on) if run.state == "loading" else run._take(go_on)
            if not finished:
                return

    # ------------------------------------------------------------ reading the file

    def _attachment(self):
        """The file; looked up, not read."""
        return self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_field", "=", "file"), ("res_id", "=", self.id)], limit=1
        )

    def _stream(self):
        """The file as a stream from the disk, where it is kept there."""
        attachment = self._attachment()
        if attachment.store_fname:
            return open(attachment._full_path(attachment.store_fname), "rb")
        return io.BytesIO(attachment.raw or b"")

    def _batches(self, skip=0):
        """The rows of the file in batches, after the first ``skip`` ones.

        :raises FileProblem: when it cannot be read
        """
        with self._stream() as stream:
            rows = rows_of(stream, self.encoding)
            yield from split_every(LOAD_BATCH, itertools.islice(rows, skip, None), list)

    def _load(self, go_on):
        """Read the file into rows, then check them.

        :param go_on: called after each batch with the number of rows; says whether there is time for more
        :return: whether it was finished
        """
        self.ensure_one()
        parser = RowParser(self.club_id, self.date_format, self.decimal)
        try:
            for batch in self._batches(skip=self.row_count):
                copy_rows(self.env.cr, self.id, [(number, parser.parse(*row)) for number, *row in batch])
                self.row_count += len(batch)
                if not go_on(len(batch), remaining=1):
                    return False
        except FileProblem as problem:
            self._forget_rows()
            self.write({"state": "draft", "problem": self._in_words(problem)})
        else:
            self._check_rows()
        return bool(go_on(1))

    def _forget_rows(self):
        self.env.cr.execute(SQL("DELETE FROM loyalty_card_import_row WHERE import_id = %s", self.id))
        self.env["loyalty.card.import.row"].invalidate_model()
        self.write({"row_count": 0, "ok_count": 0, "refused_count": 0})

    def _check_rows(self):
        """Ask of all rows whether they can be taken, and count."""
        self.env["loyalty.card.import.row"]._check(self)
        self.state = "checked"
        self._count()

    def _count(self):
        counted = dict(
            self.env["loyalty.card.import.row"]._read_group([("import_id", "=", self.id)], ["state"], ["__count"])
        )
        self.write({f"{state}_count": counted.get(state, 0) for state in ("ok", "refused", "done")})

    def _in_words(self, problem):
        said = {
            "empty": self.env._("The file is empty."),
            "no_rows": self.env._("The file has a header and no rows below it."),
            "encoding": self.env._(
                "The file is not written in the chosen encoding: choose another, or save it as UTF-8."
            ),
            "no_spreadsheet": self.env._("The file is no spreadsheet that can be read. Save it as CSV in UTF-8."),
            "unknown_columns": self.env._(
                "The file has columns that are not known: %s. Known are card_number, name, email, phone, reference, tier,"
                " points, start and end.",
                problem.detail,
            ),
            "twice": self.env._("The file has columns twice: %s.", problem.detail),
            "no_number": self.env._("The file has no column card_number."),
            "long_line": self.env._("Line %s is longer than a million characters: this is no list.", problem.detail),
        }
        return said[problem.kind]

    # ------------------------------------------------------------ taking the rows

    def _take(self, go_on, patience=patiently):
        """Import the rows that can be taken, batch by batch.

        :param go_on: as in :meth:`_load`
        :param patience: what does a batch again that met somebody else's work
        :return: whether all are
        """
        self.ensure_one()
        while taken := patience(self.env, self._take_batch):
            if not go_on(taken, remaining=self.ok_count):
                return False
        while followed := patience(self.env, self._follow_batch):
            if not go_on(followed, remaining=1):
                return False
        self.write({"state": "done", "file": False})  # what was uploaded is in the rows
        return bool(go_on(0, remaining=0))

    def _take_batch(self):
        """Import the next rows, in one transaction.

        :return: how many were looked at
        """
        self._lock()
        rows = self.env["loyalty.card.import.row"].search(
            [("import_id", "=", self.id), ("state", "=", "ok")], limit=TAKE_BATCH, order="number"
        )
        if rows:
            rows._check(self, rows.ids)
            self._take_or_refuse(rows.filtered(lambda row: row.state == "ok"))
            self.env.flush_all()
            decided = {state: len(of_state) for state, of_state in rows.grouped("state").items()}
            self.ok_count -= len(rows)
            self.done_count += decided.get("done", 0)
            self.refused_count += decided.get("refused", 0)
        return len(rows)

    def _follow_batch(self):
        """Bring the open quotations of the next new members in line with what they have now.

        A quotation is priced anew when it is confirmed anyway; this shows it before.

        :return: how many members
        """
        query = SQL(
            """
            SELECT DISTINCT line.partner_id FROM loyalty_card_import_row line
              JOIN res_partner partner ON partner.commercial_partner_id = line.partner_id
              JOIN sale_order quotation ON quotation.partner_id = partner.id AND quotation.state IN ('draft', 'sent')
             WHERE line.import_id = %s AND line.state = 'done' AND line.partner_id > %s
          ORDER BY line.partner_id LIMIT %s
            """,
            self.id,
            self.followed_partner,
            FOLLOW_BATCH,
        )
        partners = self.env["res.partner"].browse(partner_id for (partner_id,) in self.env.execute_query(query))
        if partners:
            partners._refresh_open_quotations()
            self.followed_partner = partners[-1].id
        return len(partners)

    def _take_or_refuse(self, rows):
        """Take rows together; when something about one of them cannot be written, find it, and take the others."""
        if not rows:
            return
        try:
            with self.env.cr.savepoint():
                rows._become_members()
                self.env.flush_all()
        except (UserError, ValidationError, psycopg2.IntegrityError, psycopg2.DataError) as error:
            self.env.invalidate_all(flush=False)
            if len(rows) == 1:
                rows._refuse_one(str(error))
                return
            half = len(rows) // 2
            self._take_or_refuse(rows[:half])
            self._take_or_refuse(rows[half:])

    # ------------------------------------------------------------ report and cleaning up

    def _csv_rows(self):
        """The refused rows with their reasons, read in parts. The first columns tell what, the others can be imported."""
        self.ensure_one()
        names = ["card_number", "name", "email", "phone", "reference", "tier", "points", "start", "end"]
        yield [*names, self.env._("Line"), self.env._("Why refused")]
        last = 0
        rows = self.env["loyalty.card.import.row"]
        domain = [("import_id", "=", self.id), ("state", "=", "refused")]
        while part := rows.search_fetch(
            [*domain, ("number", ">", last)], [*names, "number", "refusal"], limit=LOAD_BATCH, order="number"
        ):
            for row in part:
                yield [*(row[name] or "" for name in names), row.number, row.refusal or ""]
            last = part[-1].number
            rows.invalidate_model()

    @api.autovacuum
    def _gc_rows(self):
        """Rows are copies of personal data: they go some weeks after the import, with what was uploaded."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        old = self.search([("write_date", "<", limit), ("state", "!=", "importing"), ("row_count", ">", 0)], limit=100)
        for run in old:
            self.env.cr.execute(SQL("DELETE FROM loyalty_card_import_row WHERE import_id = %s", run.id))
        self.env["loyalty.card.import.row"].invalidate_model()
        old.write({"row_count": 0, "file": False})
