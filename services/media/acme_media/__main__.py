from acme_media.app import create_app
from acme_media.settings import MediaSettings
from acme_web.serve import serve

if __name__ == "__main__":
    settings = MediaSettings()
    serve(create_app(settings), port=settings.server.media_port)
