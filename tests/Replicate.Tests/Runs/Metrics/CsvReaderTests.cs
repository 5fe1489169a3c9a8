using System.Globalization;
using Replicate.Runs.Metrics;

namespace Replicate.Tests.Runs.Metrics;

public class CsvReaderTests
{
    [Theory]
    [InlineData("step;loss;acc|1;0,125;95,5%|2;1.234,5;-0,5e-3", "1: loss=0.125, acc=95.5|2: loss=1234.5, acc=-0.0005")]
    [InlineData("step\tloss|1\t0,125|2\t1,234", "1: loss=0.125|2: loss=1.234")]
    [InlineData("step,loss|1,\"0,125\"|2,\"1,234\"", "1: loss=0.125|2: loss=1.234")]
    [InlineData("step,tokens,loss|1,\"1,024\",0.5|2,\"1,234,567\",0.25|3,\"1,234.5\",0", "1: tokens=1024, loss=0.5|2: tokens=1234567, loss=0.25|3: tokens=1234.5, loss=0")]
    [InlineData("loss|0,5", "next: loss=0.5")]
    public void A_comma_is_the_decimal_sign_where_it_can_be_nothing_else(string lines, string expected) => Assert.Equal(expected, Read(lines));

    [Fact]
    public void A_comma_that_may_be_either_is_what_the_culture_has()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("1: loss=1.234", Read("step,loss|1,\"1,234\""));
            Assert.Equal("1: loss=1.234", Read("step,loss|1,1.234"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("step,loss|1,0.5|step,loss|1,0.25", "1: loss=0.5|1: loss=0.25")]
    [InlineData("step,loss|1,0.5|epoch,acc,f1|2,0.75,1", "1: loss=0.5|2: acc=0.75, f1=1")]
    [InlineData("  Epoch , train loss (MSE) ,lr [1/s], |1,0.5,2,|2,0.25,1,,", "1: train loss (MSE)=0.5, lr [1/s]=2|2: train loss (MSE)=0.25, lr [1/s]=1")]
    [InlineData("epoch,global_step,loss|0,7,0.5", "7: epoch=0, loss=0.5")]
    [InlineData("Unnamed: 0,loss|4,0.5", "4: loss=0.5")]
    [InlineData(",step,loss|0,10,0.5", "10: loss=0.5")]
    [InlineData("epoch   loss  acc|1       0.5   0.75", "1: loss=0.5, acc=0.75")]
    [InlineData("train loss|0.5|0.25", "next: train loss=0.5|next: train loss=0.25")]
    [InlineData("\"step\",\"a, b\"|\"1\",\"0.5\"", "1: a, b=0.5")]
    [InlineData("step,loss|1,N/A|2,-|3,null|4,inf", "1: |2: |3: |4: loss=Infinity")]
    [InlineData("# written by a tool|step,loss|1,0.5", "1: loss=0.5")]
    public void Headers_and_cells_are_read_as_people_write_them(string lines, string expected) => Assert.Equal(expected, Read(lines));

    [Theory]
    [InlineData("step,loss|1,0.5|2", "1: loss=0.5|!")]
    [InlineData("step,loss|1,0.5|2,oops", "1: loss=0.5|2: !")]
    [InlineData("1,0.5|2,0.25", "!|!")]
    [InlineData("step,loss|1,0,125", "!")]
    public void What_cannot_be_read_is_refused(string lines, string expected) => Assert.Equal(expected, Read(lines));

    private static string Read(string lines)
    {
        var csv = new CsvReader();
        var results = new List<string>();
        foreach (var line in lines.Split('|'))
        {
            var reading = new MetricReading();
            var isGood = csv.Read(line, reading);
            if (!reading.IsEmpty || !isGood)
            {
                var text = Readings.Text(reading);
                text = reading.Step is null ? (reading.IsEmpty ? "" : "next: " + text[3..]) : text.Replace(" | ", ": ", StringComparison.Ordinal);
                results.Add(text + (isGood ? "" : "!"));
            }
        }

        return string.Join('|', results);
    }
}
