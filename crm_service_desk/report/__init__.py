from . import service_article_report
