using Replicate.Runs.Params;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Params;

public class ParamsTests
{
    [Theory]
    [InlineData("--learning_rate=0.01 --epochs 5", "epochs=5, learning_rate=0.01")]
    [InlineData("train.py --amp --batch-size 32 data.csv -v", "amp=true, batch_size=32, v=true")]
    [InlineData("--shift -1.5 --layers 1 --layers 2", "layers=[1,2], shift=-1.5")]
    [InlineData("optimizer=adam model.lr=1e-3 ./a=b", "model.lr=0.001, optimizer=adam")]
    [InlineData("--a 1 -- --b 2", "a=1")]
    [InlineData("--layers 64 64 32 --lr 0.1", "layers=[64,64,32], lr=0.1")]
    [InlineData("--betas 0.9 0.999 data.csv", "betas=[0.9,0.999]")]
    [InlineData("--classes cat dog bird --files a.csv b.csv", """classes=["cat","dog","bird"], files=["a.csv","b.csv"]""")]
    [InlineData("--out model.pt data.csv", "out=model.pt")]
    [InlineData("--range -1 -0.5 --offset=-3", "offset=-3, range=[-1,-0.5]")]
    [InlineData("--amp --no-cuda --bf16", "amp=true, bf16=true, cuda=false")]
    [InlineData("--x 1 2 --x 3", "x=[1,2,3]")]
    [InlineData("--id 007 --version 1.10 --commit 12e4567 --seed 12345678901234567890", "commit=12e4567, id=007, seed=12345678901234567890, version=1.10")]
    [InlineData("+model.lr=0.1 ++a-b=2 ~model.decay db@backup=mysql model/encoder=resnet data/year=2020/part", "a_b=2, db@backup=mysql, model.decay=null, model.lr=0.1, model/encoder=resnet")]
    [InlineData("layers=[64,32] opt={name:adam,lr:0.1,betas:[0.9,0.99]} tags=[a,'b,c']", """layers=[64,32], opt={"betas":[0.9,0.99],"lr":0.1,"name":"adam"}, tags=["a","b,c"]""")]
    [InlineData("text=[broken other={a:}", "other={a:}, text=[broken")]
    public void Arguments_are_params(string arguments, string expected) =>
        Assert.Equal(expected, Value.MapFrom(ArgumentParams.Read(arguments.Split(' ')).ToDictionary()).ToString());

    [Theory]
    [InlineData("python", "-u train.py --lr 0.1", "lr=0.1")]
    [InlineData("/usr/bin/python3.12", "-W ignore -X dev -u -m pkg.train --lr 0.1 -u", "lr=0.1, u=true")]
    [InlineData("python", "-m torch.distributed.launch --nproc 2 train.py --lr 0.1", "lr=0.1")]
    [InlineData("torchrun", "--nproc_per_node=2 train.py --lr 0.1 --config other.py", "config=other.py, lr=0.1")]
    [InlineData("dotnet", "run --project mnist.csproj -- --lr 0.1", "lr=0.1")]
    [InlineData("uv", "run --with torch -- python -u train.py --lr 0.1", "lr=0.1")]
    [InlineData("env", "A=1 python -u train.py lr=0.1", "lr=0.1")]
    [InlineData("Rscript", "--vanilla fit.R --lr 0.1", "lr=0.1")]
    [InlineData("./train", "-u 1 --config a.py --lr 0.1", "config=a.py, lr=0.1, u=1")]
    public void What_an_interpreter_takes_for_itself_is_no_param(string program, string arguments, string expected) =>
        Assert.Equal(expected, Value.MapFrom(ArgumentParams.Read(program, arguments.Split(' ')).ToDictionary()).ToString());

    [Theory]
    [InlineData("0.1")]
    [InlineData("-5")]
    [InlineData("18446744073709551615")]
    [InlineData("-9223372036854775808")]
    [InlineData("1e+21")]
    [InlineData("1.7976931348623157e+308")]
    public void A_number_is_the_number(string text) =>
        Assert.Equal((true, text), (ParamText.Parse(text) is long or ulong or double, Value.ToText(ParamText.Parse(text))));

    [Theory]
    [InlineData("1e-3", 0.001)]
    [InlineData("0.10", 0.1)]
    [InlineData("1.0", 1.0)]
    [InlineData("2.", 2.0)]
    [InlineData(".5", 0.5)]
    [InlineData("5E5", 500000.0)]
    [InlineData("100e6", 1e8)]
    [InlineData("0.10000000000000001", 0.1)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("nan", double.NaN)]
    public void Other_ways_to_write_a_number_are_numbers(string text, double expected) => Assert.Equal(expected, ParamText.Parse(text));

    [Theory]
    [InlineData("007")]
    [InlineData("-01")]
    [InlineData("00.5")]
    [InlineData("1.10")]
    [InlineData("3.20")]
    [InlineData("1.2.3")]
    [InlineData("12e4567")]
    [InlineData("123e45")]
    [InlineData("1234567e8")]
    [InlineData("1e999")]
    [InlineData("1e-999")]
    [InlineData("1_000")]
    [InlineData("1,000")]
    [InlineData("0x1F")]
    [InlineData("18446744073709551616")]
    [InlineData("3.14159265358979323846")]
    [InlineData("2026-11-27")]
    [InlineData("12:30")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("e5")]
    [InlineData("infinite")]
    [InlineData("١٢")]
    public void A_text_that_a_number_would_not_read_back_as_stays_text(string text) => Assert.Equal(text, ParamText.Parse(text));

    [Theory]
    [InlineData("base: &b {width: 8, depth: 2}\nbig: {<<: *b, width: 64}", """base={"depth":2,"width":8}, big={"depth":2,"width":64}""")]
    [InlineData("a: &a {x: 1}\nb: &b {x: 2, y: 3}\nc:\n  z: 4\n  <<: [*a, *b]", """a={"x":1}, b={"x":2,"y":3}, c={"x":1,"y":3,"z":4}""")]
    [InlineData("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\n<<: *b", """a={"x":1}, b={"x":1,"y":2}, x=1, y=2""")]
    [InlineData("a: '<<'\n'<<': b", "<<=b, a=<<")]
    [InlineData("a: 007\nb: 1.10\nc: 12e4567\nd: 1_000\ne: 12345678901234567890\nf: 0x10", "a=007, b=1.10, c=12e4567, d=1_000, e=12345678901234567890, f=0x10")]
    [InlineData("a: .NaN\nb: -.inf\nc: nan\nd: TRUE\ne: None\nf: yes\ng: !!str 5\nh: 1e-3", "a=NaN, b=-Infinity, c=nan, d=true, e=None, f=yes, g=5, h=0.001")]
    public void Yaml_is_read_as_it_was_written(string yaml, string expected)
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal(expected, Value.MapFrom(ParamFile.Read(directory.Write("p.yaml", yaml)).ToDictionary()).ToString());
    }

    [Fact]
    public void Json_of_python_keeps_what_json_has_not()
    {
        using var directory = new TemporaryDirectory();
        var json = directory.Write("p.json", "\uFEFF{\"a\": NaN, \"b\": [-Infinity, \"NaN\"], \"seed\": 18446744073709551615, \"id\": \"007\"}");
        var read = ParamFile.Read(json);
        Assert.Equal((double.NaN, 18446744073709551615UL, "007"), (read["a"], read["seed"], read["id"]));
        Assert.Equal([double.NegativeInfinity, "NaN"], (ValueList)read["b"]!);
    }

    [Theory]
    [InlineData("[*X, *X, *X, *X, *X, *X, *X, *X, *X, *X]")]
    [InlineData("{a: *X, b: *X, c: *X, d: *X, e: *X, f: *X, g: *X, h: *X, i: *X}")]
    [InlineData("{<<: [*X, *X, *X, *X, *X, *X, *X, *X, *X, *X]}")]
    public void Aliases_do_not_grow_into_gigabytes(string level)
    {
        using var directory = new TemporaryDirectory();
        var text = "x0: &x0 {text: " + new string('a', 1000) + "}\n" + string.Concat(
            Enumerable.Range(1, 20).Select(i => $"x{i}: &x{i} {level.Replace("X", $"x{i - 1}", StringComparison.Ordinal)}\n"));
        var error = Assert.Throws<ReplicateException>(() => ParamFile.Read(directory.Write("p.yaml", text)));
        Assert.Contains("aliases", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_aliases_is_not_followed_without_end()
    {
        using var directory = new TemporaryDirectory();
        var text = "x0: &x0 1\n" + string.Concat(Enumerable.Range(1, 5000).Select(i => $"x{i}: &x{i} [*x{i - 1}]\n"));
        Assert.Equal("ParamFileInvalid", Assert.Throws<ReplicateException>(() => ParamFile.Read(directory.Write("p.yaml", text))).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task An_empty_name_is_refused_when_it_is_recorded(string name)
    {
        using var project = new TestProject();
        var token = TestContext.Current.CancellationToken;
        var values = new Dictionary<string, object> { [name] = 1 };
        var experiments = project.Project.Experiments;
        var created = await experiments.CreateAsync(new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: token);

        Assert.Equal("NameEmpty", (await Assert.ThrowsAsync<ReplicateException>(
            () => experiments.CreateAsync(new ExperimentOptions { Params = values }, cancellationToken: token))).Id);
        Assert.Equal("NameEmpty", (await Assert.ThrowsAsync<ReplicateException>(
            () => created.CheckpointAsync(new CheckpointOptions { Metrics = values }, cancellationToken: token))).Id);
        Assert.Single(await experiments.ListAsync(cancellationToken: token));
    }

    [Fact]
    public void Yaml_and_json_files_are_params()
    {
        using var directory = new TemporaryDirectory();
        var yaml = directory.Write("params.yaml", "learning_rate: 0.01\nname: \"5\"\nlayers: [1, 2]\noptimizer:\n  kind: adam\n  decay: ~\nlimit: .inf\n");
        var json = directory.Write("params.json", """{"learning_rate": 0.01, "layers": [1, 2], "amp": true}""");

        Assert.Equal(
            """layers=[1,2], learning_rate=0.01, limit=[+Infinity], name=5, optimizer={"decay":null,"kind":"adam"}""",
            Value.MapFrom(ParamFile.Read(yaml).ToDictionary()).ToString().Replace("limit=Infinity", "limit=[+Infinity]", StringComparison.Ordinal));
        Assert.Equal("amp=true, layers=[1,2], learning_rate=0.01", Value.MapFrom(ParamFile.Read(json).ToDictionary()).ToString());
    }

    [Theory]
    [InlineData("params.json", "[1]", "ParamFileInvalid")]
    [InlineData("params.yaml", "a: [", "ParamFileInvalid")]
    [InlineData("other.yaml", "", "ParamFileNotFound")]
    public void A_file_of_something_else_is_refused(string name, string text, string id)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("params.json", text);
        directory.Write("params.yaml", text);
        Assert.Equal(id, Assert.Throws<ReplicateException>(() => ParamFile.Read(directory.Combine(name))).Id);
    }
}
