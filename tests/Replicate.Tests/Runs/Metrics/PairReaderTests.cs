using Replicate.Runs.Metrics;

namespace Replicate.Tests.Runs.Metrics;

public class PairReaderTests
{
    [Theory]
    [InlineData("Epoch 3, train loss: 0.118, validation accuracy: 1.000", "3 | train loss=0.118, validation accuracy=1")]
    [InlineData("Epoch 3/10", "3 | ")]
    [InlineData("10/10 [==============================] - 1s 5ms/step - loss: 0.3012 - accuracy: 0.9000 - val_loss: 4.1e-1", " | loss=0.3012, accuracy=0.9, val_loss=0.41")]
    [InlineData("step 100 loss=0.5 lr=1e-05", "100 | loss=0.5, lr=1E-05")]
    [InlineData("[ 3/10] loss: 0.5", "3 | loss=0.5")]
    [InlineData("Epoch [3/10], Step [100/600], Loss: 0.25", "100 | epoch=3, Loss=0.25")]
    [InlineData("Train Epoch: 1 [640/60000 (1%)]\tLoss: 2.305", "640 | epoch=1, Loss=2.305")]
    [InlineData("Test set: Average loss: 0.0535, Accuracy: 9829/10000 (98%)", " | Average loss=0.0535, Accuracy=0.9829")]
    [InlineData("{'loss': 0.6931, 'learning_rate': 5e-05, 'epoch': 0.5}", " | loss=0.6931, learning_rate=5E-05, epoch=0.5")]
    [InlineData("epoch=4 val/acc=97.5% loss=nan", "4 | val/acc=97.5, loss=NaN")]
    [InlineData("2026-01-01 12:30:05,123 INFO loss: -inf", " | loss=-Infinity")]
    [InlineData("INFO:root:iteration 7: mean reward: +12", "7 | mean reward=12")]
    [InlineData("Loss: tensor(0.1234, device='cuda:0')", " | Loss=0.1234")]
    [InlineData("Final loss: 0.5.", " | Final loss=0.5")]
    [InlineData("accuracy(%): 99.1", " | accuracy(%)=99.1")]
    [InlineData("{\"step\": 5, \"loss\": 0.25}", "5 | loss=0.25")]
    [InlineData("loss : 0.5 ; acc = 1", " | loss=0.5, acc=1")]
    public void Pairs_and_the_step_are_read(string line, string expected) =>
        Assert.Equal(expected, Readings.Of(new PairReader(), line));

    [Theory]
    [InlineData("")]
    [InlineData("Training on device: cuda")]
    [InlineData("Started at 12:30:05")]
    [InlineData("if loss <= 0.5 or x == 3")]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("version: 1.2.3")]
    [InlineData("The loss on the validation set is: 0.5")]
    [InlineData("::: === ==> 1")]
    public void What_is_no_pair_of_name_and_number_is_no_metric(string line) =>
        Assert.Equal(" | ", Readings.Of(new PairReader(), line));

    [Theory]
    [InlineData("step:1K loss:2", "1000 | loss=2")]
    [InlineData("step 1.5M loss 0.5", "1500000 | loss=0.5")]
    [InlineData("step 2k: loss=1", "2000 | loss=1")]
    [InlineData("step 1e3, loss: 2", "1000 | loss=2")]
    [InlineData("step 1_000 loss: 2", "1000 | loss=2")]
    [InlineData("step 1,000: loss=0.8", "1000 | loss=0.8")]
    [InlineData("iter 1,234,567, loss: 2", "1234567 | loss=2")]
    [InlineData("epoch 0.25: loss: 2", " | epoch=0.25, loss=2")]
    [InlineData("step 4096.0 loss: 2", "4096 | loss=2")]
    [InlineData("[10]\ttrain-rmse:0.25", "10 | train-rmse=0.25")]
    [InlineData("100:\tlearn: 0.5", "100 | learn=0.5")]
    [InlineData("epoch 2 update 77 loss: 1", "77 | epoch=2, loss=1")]
    [InlineData("Episode 10: reward = -3", "10 | reward=-3")]
    [InlineData("round 4, logloss: 0.5", "4 | logloss=0.5")]
    [InlineData("timestep 500 | reward: 0.5", "500 | reward=0.5")]
    [InlineData("epoch: 2, batch: 12, loss: 1", "12 | epoch=2, loss=1")]
    [InlineData("batch: 32, lr: 0.1", " | batch=32, lr=0.1")]
    [InlineData("best epoch: 5, best loss: 0.25", " | best epoch=5, best loss=0.25")]
    [InlineData("warmup steps: 100", " | warmup steps=100")]
    [InlineData("epochs: 10, lr: 0.1", " | epochs=10, lr=0.1")]
    [InlineData("saved /runs/epoch=3-step=100.ckpt, loss: 0.5", " | loss=0.5")]
    public void Steps_are_read_as_people_write_numbers(string line, string expected) =>
        Assert.Equal(expected, Readings.Of(new PairReader(), line));

    [Theory]
    [InlineData("step 0x1F loss: 2")]
    [InlineData("step 1.2.3 loss: 2")]
    [InlineData("epoch 12abc loss: 2")]
    public void A_step_that_cannot_be_read_is_said_to_be_unknown(string line)
    {
        var reading = new MetricReading();
        new PairReader().Read(line, reading);

        Assert.True(reading.IsStepUnknown);
        Assert.Null(reading.Step);
        Assert.Equal(("loss", 2.0), Assert.Single(reading.Metrics));
    }

    [Theory]
    [InlineData("[1]\ttraining's binary_logloss: 0.5\tvalid_1's auc: 0.25", "1 | training's binary_logloss=0.5, valid_1's auc=0.25")]
    [InlineData("step 1: loss train (curr): 1.5, val (prev): 1.25", "1 | loss train (curr)=1.5, val (prev)=1.25")]
    [InlineData("step 2: Accuracy (%): 97.5", "2 | Accuracy (%)=97.5")]
    [InlineData("step 3: R²: 0.5, **f1**: 0.25, loss[train]: 0.125", "3 | R²=0.5, f1=0.25, loss[train]=0.125")]
    [InlineData("loss (train) : 0.5 | loss (val) : 0.25", " | loss (train)=0.5, loss (val)=0.25")]
    [InlineData("mAP@[0.5:0.95] = 0.5", " | ")]
    [InlineData("top1: 76.5% top5: 93.25%", " | top1=76.5, top5=93.25")]
    [InlineData("Accuracy: 95/100 (95%)", " | Accuracy=0.95")]
    [InlineData("acc: 950/1,000", " | acc=0.95")]
    [InlineData("time: 3.2s, size: 10MB, samples: 1,000", " | time=3.2, size=10, samples=1000")]
    [InlineData("Loss: 0.5 (0.625)", " | Loss=0.5, Loss (avg)=0.625")]
    [InlineData("train: loss=0.5 val: loss=0.25", " | loss=0.5, loss 2=0.25")]
    [InlineData("lr=[0.1, 0.2] loss=0.5", " | lr[0]=0.1, lr[1]=0.2, loss=0.5")]
    [InlineData("don't stop: 5", " | don't stop=5")]
    [InlineData("epoch 3 | loss 0.5 | bsz 32", "3 | loss=0.5, bsz=32")]
    [InlineData("epoch 3 loss 0.5 acc 0.75", "3 | loss=0.5, acc=0.75")]
    [InlineData("epoch 3, loaded 5 files", "3 | ")]
    public void Names_keep_what_belongs_to_them(string line, string expected) =>
        Assert.Equal(expected, Readings.Of(new PairReader(), line));

    [Theory]
    [InlineData("I0330 15:37:38.796069 29236 solver.cpp:237] Iteration 200, loss = 0.5", "200 | loss=0.5")]
    [InlineData("2026-01-01 12:00:00 | INFO | __main__:train:42 - step 300 loss: 0.25", "300 | loss=0.25")]
    [InlineData("INFO 2025-01-01 12:00:05 ts/train.py:192 step:200 loss:3.5", "200 | loss=3.5")]
    [InlineData("Using device: cuda:0, loss: 0.5", " | loss=0.5")]
    [InlineData("pid: 1234, port=29500, loss: 0.5", " | loss=0.5")]
    [InlineData("ETA: 5s - loss: 0.5", " | loss=0.5")]
    [InlineData("tcp://10.0.0.1:29500 loss: 0.5", " | loss=0.5")]
    [InlineData("listening on localhost:8080", " | ")]
    [InlineData("version: 2.0, torch==2.1.0", " | ")]
    [InlineData("elapsed: 1m 30s, loss: 0.5", " | loss=0.5")]
    [InlineData("(trainer:762) INFO: loss=0.5", " | loss=0.5")]
    [InlineData("C:\\runs\\3: loss: 0.5", " | loss=0.5")]
    [InlineData("2026-01-01T12:00:05.123Z loss: 0.5", " | loss=0.5")]
    public void Places_addresses_and_times_are_no_metrics(string line, string expected) =>
        Assert.Equal(expected, Readings.Of(new PairReader(), line));

    [Fact]
    public void A_decimal_comma_is_read_where_it_can_be_nothing_else_or_was_seen_before()
    {
        var reader = new PairReader();

        Assert.Equal(" | loss=0.125", Readings.Of(reader, "loss=0,125"));
        Assert.Equal(" | loss=1.25, acc=12.5", Readings.Of(reader, "loss=1,250; acc=12,5"));
        Assert.Equal(" | n=1234567", Readings.Of(reader, "n: 1,234,567"));
        Assert.Equal(" | x=1234.5", Readings.Of(reader, "x: 1.234,5"));
    }

    [Fact]
    public void A_comma_that_may_mean_two_things_is_complained_of()
    {
        Assert.Equal(" | loss=0.5", Readings.Of(new PairReader(), "gpus: 0,1,2, loss: 0.5"));
        Assert.Equal(" |  !", Readings.Of(new PairReader(), "loss: 12,5"));
        Assert.Equal(" | samples=1250", Readings.Of(new PairReader(), "samples: 1,250"));
    }

    [Fact]
    public void Rubbish_of_any_kind_is_read_without_an_error()
    {
        var random = new Random(1);
        var characters = "epoch step:=[]/ .,0123456789eE-+'\"(nan\u001b[31mé\0";
        for (var i = 0; i < 20_000; i++)
        {
            var line = new string(random.GetItems(characters.ToCharArray(), random.Next(40)));
            Readings.Of(new PairReader(), line);
            Readings.Of(new JsonReader(isOnly: true), '{' + line + '}');
        }
    }
}
