using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Configuration;

public sealed class ProjectConfigurationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("replicate.yaml")]
    [InlineData("replicate.yml")]
    [InlineData("keepsake.yaml")]
    [InlineData("keepsake.yml")]
    public void A_file_of_a_parent_directory_makes_that_the_project(string name)
    {
        var file = _directory.Write(name, "repository: s3://hotdogs/\n");
        var below = Directory.CreateDirectory(_directory.Combine("a", "b")).FullName;

        var configuration = Resolve(workingDirectory: below + Path.DirectorySeparatorChar);

        Assert.Equal(
            new ProjectConfiguration
            {
                ProjectDirectory = _directory.Path, Repository = "s3://hotdogs", ConfigurationFile = file, IsRepositoryFromFile = true,
            },
            configuration);
    }

    [Fact]
    public void The_nearest_directory_counts_and_in_it_the_first_name()
    {
        _directory.Write("replicate.yaml", "repository: s3://far");
        _directory.Write("a/keepsake.yml", "repository: s3://last");
        _directory.Write("a/replicate.yml", "repository: s3://near");

        Assert.Equal("s3://near", Resolve(workingDirectory: _directory.Combine("a")).Repository);
    }

    [Fact]
    public void Without_a_file_the_working_directory_has_a_repository_of_its_own() =>
        Assert.Equal(
            new ProjectConfiguration { ProjectDirectory = _directory.Path, Repository = Url(".replicate") }, Resolve());

    [Fact]
    public void A_repository_of_an_early_version_is_found()
    {
        Directory.CreateDirectory(_directory.Combine(".replicate", "storage"));

        Assert.Equal(Url(".replicate/storage"), Resolve().Repository);
    }

    [Fact]
    public void An_argument_wins_over_the_environment_and_that_over_the_file()
    {
        _directory.Write("replicate.yaml", "repository: s3://file");

        Assert.Equal("s3://argument", Resolve("s3://argument", environment: "s3://environment").Repository);
        Assert.Equal("s3://environment", Resolve(environment: "s3://environment").Repository);
        Assert.Equal("s3://file", Resolve(environment: "").Repository);
    }

    [Fact]
    public void A_relative_path_is_relative_to_the_project_directory_wherever_it_comes_from()
    {
        _directory.Write("replicate.yaml", "repository: file://from-file");
        var below = Directory.CreateDirectory(_directory.Combine("a")).FullName;

        Assert.Equal(Url("from-file"), Resolve(workingDirectory: below).Repository);
        Assert.Equal(Url("given"), Resolve("file://given", workingDirectory: below).Repository);
        Assert.Equal(Url("set"), Resolve(workingDirectory: below, environment: "file://set").Repository);
    }

    [Fact]
    public void A_given_project_directory_is_not_left_in_search_of_a_file()
    {
        _directory.Write("replicate.yaml", "repository: s3://parent");
        Directory.CreateDirectory(_directory.Combine("a"));

        var configuration = Resolve(projectDirectory: "a/");

        Assert.Equal(_directory.Combine("a"), configuration.ProjectDirectory);
        Assert.Null(configuration.ConfigurationFile);
        Assert.Equal(Url("a/.replicate"), configuration.Repository);
    }

    [Fact]
    public void A_given_project_directory_that_is_missing_is_an_error() =>
        Assert.Equal("ProjectDirectoryNotFound", Assert.Throws<ReplicateException>(() => Resolve(projectDirectory: "missing")).Id);

    [Fact]
    public void The_metrics_are_read_beside_a_given_repository()
    {
        _directory.Write("replicate.yaml", """
            metrics:
              - name: accuracy
                goal: maximize
              - name: "loss"
                goal: Minimize
                primary: true
            """);

        var configuration = Resolve("s3://given");

        Assert.Equal("s3://given", configuration.Repository);
        Assert.Equal(new PrimaryMetric("loss", Goal.Minimize), configuration.PrimaryMetric);
    }

    [Fact]
    public void A_primary_metric_without_a_goal_is_minimized()
    {
        _directory.Write("replicate.yaml", "repository: s3://b\nmetrics: [{name: loss, primary: true}]");

        Assert.Equal(new PrimaryMetric("loss", Goal.Minimize), Resolve().PrimaryMetric);
    }

    [Fact]
    public void A_metric_alone_is_not_primary()
    {
        _directory.Write("replicate.yaml", "repository: s3://b\nmetrics: [{name: loss, goal: minimize}]");

        Assert.Null(Resolve().PrimaryMetric);
    }

    [Fact]
    public void The_old_name_of_the_repository_works_with_a_warning()
    {
        _directory.Write("replicate.yaml", "storage: data/storage\n");

        var (configuration, warnings) = ResolveWithWarnings();

        Assert.Equal(Url("data/storage"), configuration.Repository);
        Assert.Contains("line 1", Assert.Single(warnings));
    }

    [Fact]
    public void Old_keys_are_ignored_with_one_warning()
    {
        _directory.Write("replicate.yaml", """
            repository: gs://b/root
            python: 3.7
            cuda: "10.1"
            install:
              - apt-get install foo
            install_script: install.sh
            python_requirements: requirements.txt
            """);

        var (configuration, warnings) = ResolveWithWarnings();

        Assert.Equal("gs://b/root", configuration.Repository);
        Assert.Contains("python, cuda, install, install_script, python_requirements", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("repository: s3://a\nrepositry: s3://b\n", 2, "'repositry'")]
    [InlineData("# both\nrepository: s3://a\nstorage: s3://b\n", 3, "'storage'")]
    [InlineData("repository: s3://a\nrepository: s3://b\n", 2, "'repository'")]
    [InlineData("repository:\n  - s3://a\n", 2, "'repository'")]
    [InlineData("\nrepository: s3:/a\n", 2, "no scheme")]
    [InlineData("repository: s3://a\nmetrics:\n  - name: loss\n    goal: min\n", 4, "'min'")]
    [InlineData("repository: s3://a\nmetrics:\n  - goal: minimize\n", 3, "no name")]
    [InlineData("repository: s3://a\nmetrics:\n  - name: loss\n    goal: minimize\n    primary: maybe\n", 5, "'maybe'")]
    [InlineData("repository: s3://a\nmetrics:\n  - name: loss\n    gaol: minimize\n", 4, "'gaol'")]
    [InlineData("repository: s3://a\nmetrics: loss\n", 2, "no list")]
    [InlineData("repository: s3://a\nmetrics:\n  - loss\n", 3, "mapping")]
    [InlineData("repository: s3://a\n\trepository: x\n", 1, "tab")]
    [InlineData("repository: s3://a\nmetrics: [\n", 3, "")]
    [InlineData("- repository: s3://a\n", 1, "")]
    [InlineData("just text\n", 1, "")]
    public void What_is_wrong_in_a_file_is_told_with_the_file_and_the_line(string text, int line, string what)
    {
        var file = _directory.Write("replicate.yaml", text);

        var error = Assert.Throws<ReplicateException>(() => Resolve());

        Assert.StartsWith($"'{file}', line {line}: ", error.Message);
        Assert.Contains(what, error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("---\n")]
    [InlineData("repository:\n")]
    [InlineData("metrics: []\n")]
    public void A_file_without_a_repository_is_an_error_unless_one_is_given(string text)
    {
        var file = _directory.Write("replicate.yaml", text);

        var error = Assert.Throws<ReplicateException>(() => Resolve());

        Assert.Equal("RepositoryMissing", error.Id);
        Assert.Contains(file, error.Message);
        Assert.Equal("s3://given", Resolve("s3://given").Repository);
    }

    [Fact]
    public void A_wrong_url_in_the_environment_names_the_variable() =>
        Assert.Contains("REPLICATE_REPOSITORY", Assert.Throws<ReplicateException>(() => Resolve(environment: "nonsense")).Message);

    [Theory]
    [InlineData("file://.replicate")]
    [InlineData("file://my data/10% \"quoted\" \\ # 'x' ümlaut 🌭")]
    [InlineData("s3://hotdogs/root")]
    public void What_is_written_is_read_back(string repository)
    {
        var directory = _directory.Combine("new");
        var metric = new PrimaryMetric("val: \"loss\"", Goal.Maximize);

        var written = ProjectConfiguration.Write(directory, repository, metric);

        Assert.Equal(Resolve(workingDirectory: directory), written);
        Assert.Equal(Path.Combine(directory, "replicate.yaml"), written.ConfigurationFile);
        Assert.Equal(metric, written.PrimaryMetric);
        Assert.Single(Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public void A_repository_alone_is_written_in_one_line()
    {
        ProjectConfiguration.Write(_directory.Path, "file://.replicate");

        Assert.Equal("repository: \"file://.replicate\"\n", File.ReadAllText(_directory.Combine("replicate.yaml")));
    }

    [Theory]
    [InlineData("replicate.yml")]
    [InlineData("keepsake.yaml")]
    public void An_existing_file_is_replaced_only_when_asked(string name)
    {
        _directory.Write(name, "repository: s3://old");

        Assert.Equal(
            "ConfigurationExists",
            Assert.Throws<ReplicateException>(() => ProjectConfiguration.Write(_directory.Path, "s3://new")).Id);
        Assert.Equal("s3://new", ProjectConfiguration.Write(_directory.Path, "s3://new", overwrite: true).Repository);
    }

    [Fact]
    public void A_wrong_url_is_not_written()
    {
        Assert.Throws<ReplicateException>(() => ProjectConfiguration.Write(_directory.Path, "hotdogs"));

        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void The_projects_of_the_original_are_found()
    {
        var iris = Checkout.Fixture("keepsake-iris");

        Assert.Equal(Replicate.Storage.StoreUrl.OfDirectory($"{iris}/.keepsake"), Resolve(workingDirectory: iris).Repository);
    }

    private ProjectConfiguration Resolve(
        string? repository = null, string? projectDirectory = null, string? workingDirectory = null, string? environment = null) =>
        ProjectConfiguration.Resolve(repository, projectDirectory, workingDirectory ?? _directory.Path, environment);

    private (ProjectConfiguration Configuration, List<string> Warnings) ResolveWithWarnings()
    {
        var sink = new Sink();
        using (Log.SendTo(sink))
        {
            return (Resolve(), sink.Warnings);
        }
    }

    private string Url(string path) => Replicate.Storage.StoreUrl.OfDirectory(Path.GetFullPath(_directory.Combine(path)));

    private sealed class Sink : ILogSink
    {
        public List<string> Warnings { get; } = [];

        public void Warn(string message) => Warnings.Add(message);

        public void Verbose(string message)
        {
        }
    }
}
