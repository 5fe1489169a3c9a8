using Replicate.Runs;

namespace Replicate.Tests.Runs.Metrics;

public class PairReaderTests
{
    [Theory]
    [InlineData("Epoch 3, train loss: 0.118, validation accuracy: 1.000", "3 | train loss=0.118, validation accuracy=1")]
    [InlineData("Epoch 3/10", "3 | ")]
    [InlineData("10/10 [==============================] - 1s 5ms/step - loss: 0.3012 - accuracy: 0.9000 - val_loss: 4.1e-1", " | loss=0.3012, accuracy=0.9, val_loss=0.41")]
    [InlineData("step 100 loss=0.5 lr=1e-05", "100 | loss=0.5, lr=1E-05")]
    [InlineData("[ 3/10] loss: 0.5", "3 | loss=0.5")]
    [InlineData("Epoch [3/10], Step [100/600], Loss: 0.25", "100 | Loss=0.25")]
    [InlineData("Train Epoch: 1 [640/60000 (1%)]\tLoss: 2.305", "1 | Loss=2.305")]
    [InlineData("Test set: Average loss: 0.0535, Accuracy: 9829/10000 (98%)", " | Average loss=0.0535")]
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
    [InlineData("time: 3.2s, size: 10MB, samples: 1,000")]
    [InlineData("if loss <= 0.5 or x == 3")]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("version: 1.2.3")]
    [InlineData("The loss on the validation set is: 0.5")]
    [InlineData("::: === ==> 1")]
    public void What_is_no_pair_of_name_and_number_is_no_metric(string line) =>
        Assert.Equal(" | ", Readings.Of(new PairReader(), line));

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
