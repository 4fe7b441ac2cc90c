from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("batches", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="returns",
            field=models.IntegerField(default=0),
        ),
    ]
