from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("batches", "0003_event_catalogue")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="content_form",
            field=models.IntegerField(default=1),
        ),
    ]
