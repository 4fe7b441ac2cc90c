"""The addresses of this door: those of every page that the folders hold."""

from daytwo.doors.web.pages import discover

app_name = "web"
urlpatterns = [pattern for page in discover() for pattern in page.patterns()]
