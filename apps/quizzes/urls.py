from django.urls import path

from apps.quizzes import views

app_name = "quizzes"

PAGE = "learn/<slug:slug>/<int:edition>/quiz/<slug:key>/"

urlpatterns = [
    path(PAGE, views.quiz, name="quiz"),
    path(f"{PAGE}start/", views.start, name="start"),
    path(f"{PAGE}question/<int:position>/", views.question, name="question"),
    path(f"{PAGE}question/<int:position>/answer/", views.answer, name="answer"),
    path(f"{PAGE}check/", views.check, name="check"),
    path(f"{PAGE}check/submit/", views.submit, name="submit"),
    path(f"{PAGE}attempt/<int:attempt>/", views.result, name="result"),
    path(f"{PAGE}attempt/<int:attempt>/practise/", views.practise, name="practise"),
    path(f"{PAGE}attempt/<int:attempt>/practice/", views.practice, name="practice"),
]
