from acme_backoffice.app import create_app
from acme_backoffice.settings import BackofficeSettings
from acme_web.serve import serve

if __name__ == "__main__":
    settings = BackofficeSettings()
    serve(create_app(settings), port=settings.server.backoffice_port)
