using System.Collections;
using System.Dynamic;
using System.Globalization;
using System.Security;
using FsCheck.Fluent;
using Replicate.Tests.Support;

namespace Replicate.Tests.Basics;

public class ValueTests
{
    public static TheoryData<object?, object?> Conversions => new()
    {
        { null, null }, { true, true }, { (byte)200, 200L }, { (sbyte)-5, -5L }, { (short)-5, -5L }, { ushort.MaxValue, 65535L },
        { 7, 7L }, { uint.MaxValue, 4294967295L }, { long.MinValue, long.MinValue },
        { 7ul, 7L }, { ulong.MaxValue, ulong.MaxValue },
        { 0.1f, 0.1 }, { float.MaxValue, 3.4028235E+38 }, { float.NaN, double.NaN }, { float.NegativeInfinity, double.NegativeInfinity },
        { 0.1, 0.1 }, { 5.0m, 5L }, { 0.1m, 0.1 }, { 18446744073709551615m, ulong.MaxValue }, { decimal.MinValue, -7.922816251426434e28 },
        { "text", "text" }, { "null", "null" }, { 'c', "c" }, { DayOfWeek.Friday, "Friday" },
        { new DateTime(2020, 9, 1, 21, 42, 22, DateTimeKind.Utc), "2020-09-01T21:42:22.0000000Z" },
        { new DateTimeOffset(2020, 9, 1, 21, 42, 22, TimeSpan.FromHours(2)), "2020-09-01T21:42:22.0000000+02:00" },
        { Guid.Empty, "00000000-0000-0000-0000-000000000000" }, { new Uri("https://x.y/a%20b"), "https://x.y/a%20b" }, { new Version(1, 2, 3), "1.2.3" },
        { "[NaN]", double.NaN }, { "[+Infinity]", double.PositiveInfinity }, { "[-Infinity]", double.NegativeInfinity },
    };

    [Theory]
    [MemberData(nameof(Conversions))]
    public void What_can_be_recorded_becomes_canonical(object? value, object? expected)
    {
        var canonical = Value.From("x", value);
        Assert.Equal(expected, canonical);
        Assert.Equal(expected?.GetType(), canonical?.GetType());
    }

    [Fact]
    public void Dictionaries_and_lists_become_maps_and_lists()
    {
        IDictionary<string, object?> expando = new ExpandoObject();
        expando["z"] = new Hashtable { [1] = 'c', [DayOfWeek.Monday] = 1f };
        expando["a"] = new ArrayList { 1, new[] { 2.5f }, null };
        Assert.Equal("""{"a":[1,[2.5],null],"z":{"1":"c","Monday":1}}""", Value.ToText(Value.From("x", expando)));
        Assert.Equal("[1,4,9]", Value.ToText(Value.From("x", Enumerable.Range(1, 3).Select(i => i * i))));
        Assert.Equal("""{"a":1}""", Value.ToText(Value.From("x", new SortedList<string, int> { ["a"] = 1 }.AsReadOnly())));
        Assert.Equal("""{"b":{"a":[1]}}""", Value.ToText(Value.From("x", Value.MapFrom(new Hashtable { ["b"] = new Hashtable { ["a"] = new[] { 1 } } }))));
    }

    [Fact]
    public void Names_are_sorted_by_their_bytes()
    {
        var map = Value.MapFrom(new Dictionary<string, int> { ["😀"] = 1, ["\uffee"] = 2, ["é"] = 3, ["ab"] = 4, ["a"] = 5, ["Z"] = 6 });
        Assert.Equal(["Z", "a", "ab", "é", "\uffee", "😀"], map.Names);
    }

    [Fact]
    public void No_dictionary_is_the_empty_map() => Assert.Same(ValueMap.Empty, Value.MapFrom(null));

    [Fact]
    public void What_cannot_be_recorded_is_refused_by_name_and_type()
    {
        using var secret = new SecureString();
        AssertRefused(() => Value.From("password", secret), "'password'", "System.Security.SecureString");
        AssertRefused(() => Value.MapFrom(new Hashtable { ["opt"] = new Hashtable { ["steps"] = new object[] { 1, new object() } } }), "'opt.steps[1]'", "System.Object");
        AssertRefused(() => Value.From("x", TimeSpan.Zero), "'x'", "System.TimeSpan");
        AssertRefused(() => Value.From("x", new int[2, 2]), "'x'", "System.Int32[,]");
        AssertRefused(() => Value.From("x", new Hashtable { [new object()] = 1 }), "'x", "System.Object");
        AssertRefused(() => Value.From("x", new Hashtable { [new[] { 1 }] = 1 }), "'x'", "System.Int32[]");
    }

    [Fact]
    public void What_contains_itself_is_refused()
    {
        var list = new ArrayList();
        list.Add(list);
        list.Add(list);
        var map = new Hashtable();
        map["me"] = map;
        AssertRefused(() => Value.From("x", list), "'x[0]", "64");
        AssertRefused(() => Value.MapFrom(map), "'me.me", "64");
    }

    [Fact]
    public void Two_keys_of_one_text_are_refused()
    {
        var exception = Assert.Throws<ReplicateException>(() => Value.MapFrom(new Hashtable { ["1"] = 1, [1] = 2 }));
        Assert.Equal("DuplicateName", exception.Id);
        Assert.Contains("'1'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1L, 1d, true)]
    [InlineData(9007199254740993L, 9007199254740992d, false)]
    [InlineData(9007199254740992L, 9007199254740992d, true)]
    [InlineData(long.MaxValue, 9223372036854775808d, false)]
    [InlineData(9223372036854775808ul, 9223372036854775808d, true)]
    [InlineData(ulong.MaxValue, 18446744073709551616d, false)]
    [InlineData(-1L, ulong.MaxValue, false)]
    [InlineData(double.NaN, double.NaN, true)]
    [InlineData(double.NaN, 1L, false)]
    [InlineData(0d, -0d, true)]
    [InlineData(1L, "1", false)]
    [InlineData(1L, true, false)]
    [InlineData("a", "A", false)]
    [InlineData(null, null, true)]
    [InlineData(null, "null", false)]
    [InlineData(null, 0L, false)]
    public void Numbers_are_equal_as_numbers_and_other_kinds_never(object? left, object? right, bool expected)
    {
        Assert.Equal(expected, Value.AreEqual(left, right));
        Assert.Equal(expected, Value.AreEqual(right, left));
    }

    [Fact]
    public void Lists_and_maps_are_equal_by_what_they_hold()
    {
        object? Of(double number) => Value.From("x", new Hashtable { ["a"] = new object[] { number, new Hashtable { ["b"] = "c" } } });
        Assert.True(Value.AreEqual(Of(1), Value.From("x", new Hashtable { ["a"] = new object[] { 1, new Hashtable { ["b"] = "c" } } })));
        Assert.False(Value.AreEqual(Of(1), Of(2)));
    }

    [Theory]
    [InlineData(1L, 1.5, -1)]
    [InlineData(-1L, -1.5, 1)]
    [InlineData(9007199254740993L, 9007199254740992d, 1)]
    [InlineData(long.MaxValue, 9223372036854775808d, -1)]
    [InlineData(long.MinValue, -9223372036854775808d, 0)]
    [InlineData(ulong.MaxValue, long.MaxValue, 1)]
    [InlineData(ulong.MaxValue, 1e300, -1)]
    [InlineData(0L, double.NegativeInfinity, 1)]
    [InlineData(0L, double.PositiveInfinity, -1)]
    [InlineData(0L, double.NaN, 1)]
    [InlineData(double.NaN, double.NegativeInfinity, -1)]
    public void Numbers_of_any_kind_are_ordered_exactly(object left, object right, int expected)
    {
        Assert.Equal(expected, Math.Sign(Value.CompareNumbers(left, right)));
        Assert.Equal(-expected, Math.Sign(Value.CompareNumbers(right, left)));
    }

    [Theory]
    [InlineData("1")]
    [InlineData(true)]
    [InlineData(null)]
    public void What_is_not_a_number_is_none(object? value)
    {
        Assert.False(Value.TryGetNumber(value, out _));
        Assert.Throws<ArgumentException>(() => Value.CompareNumbers(value!, 1L));
    }

    [Fact]
    public void Every_kind_of_number_is_one()
    {
        Assert.True(Value.TryGetNumber(3L, out var number) && number == 3);
        Assert.True(Value.TryGetNumber(ulong.MaxValue, out number) && number == 18446744073709551615d);
        Assert.True(Value.TryGetNumber(double.NaN, out number) && double.IsNaN(number));
    }

    [Theory]
    [InlineData(1e21, "1e+21")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(1e-6, "0.000001")]
    [InlineData(1.5e-6, "0.0000015")]
    [InlineData(-1.5e-5, "-0.000015")]
    [InlineData(-1.25e-10, "-1.25e-10")]
    [InlineData(1e300, "1e+300")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(-1.7976931348623157e308, "-1.7976931348623157e+308")]
    [InlineData(0.8919705313964558, "0.8919705313964558")]
    [InlineData(123456789.123456, "123456789.123456")]
    [InlineData(1234567890123456.8, "1234567890123456.8")]
    [InlineData(-9007199254740993d, "-9007199254740992")]
    [InlineData(9223372036854775808d, "9223372036854776000")]
    [InlineData(123456789012345680000d, "123456789012345680000")]
    [InlineData(1d, "1")]
    [InlineData(0d, "0")]
    [InlineData(-0d, "-0")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(ulong.MaxValue, "18446744073709551615")]
    [InlineData(null, "null")]
    [InlineData(true, "true")]
    [InlineData("a\nb", "a\nb")]
    public void Text_is_the_shortest_that_reads_back(object? value, string expected) => Assert.Equal(expected, Value.ToText(value));

    [Fact]
    public void The_text_of_any_float_reads_back() =>
        Prop.ForAll<long>(bits =>
        {
            var number = BitConverter.Int64BitsToDouble(bits * 0x9e3779b97f4a7c1);
            return double.Parse(Value.ToText(number), CultureInfo.InvariantCulture).Equals(number);
        }).Holds();

    [Fact]
    public void Text_does_not_depend_on_the_culture()
    {
        var previous = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("0.5", Value.ToText(0.5));
            Assert.Equal("-1", Value.ToText(-1L));
            Assert.Equal(0.25, Value.From("x", 0.25m));
            Assert.Equal(0.1, Value.From("x", 0.1f));
        }
        finally
        {
            CultureInfo.CurrentCulture = previous;
        }
    }

    [Theory]
    [InlineData(0.8919705313964558, "0.89197")]
    [InlineData(3.05392, "3.0539")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(12345.678, "12346")]
    [InlineData(99999.99, "100000")]
    [InlineData(123456789.12, "123456789.12")]
    [InlineData(-123456789.12, "-123456789.12")]
    [InlineData(123456789.12345679, "123456789.12345679")]
    [InlineData(1.2345678901234567e300, "1.2346e+300")]
    [InlineData(0.5, "0.5")]
    [InlineData(9007199254740993L, "9007199254740993")]
    [InlineData("short", "short")]
    [InlineData("a text that is too long for the column", "a text that is to...")]
    [InlineData("exactly twenty chars", "exactly twenty chars")]
    [InlineData("a\nb\tc\r\u001b[31m", @"a\nb\tc\r\u001b[31m")]
    [InlineData("aaaaaaaaaaaaaaa\u001bbbbbb", "aaaaaaaaaaaaaaa...")]
    [InlineData("😀😀😀😀😀😀😀😀😀😀😀", "😀😀😀😀😀😀😀😀...")]
    public void Short_text_fits_its_column(object value, string expected) => Assert.Equal(expected, Value.ToShortText(value));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Short_text_is_never_longer_than_asked(int maxLength) => Assert.True(Value.ToShortText("long\ntext", maxLength).Length <= maxLength);

    [Theory]
    [InlineData("plain <text> é 😀 \\", "plain <text> é 😀 \\")]
    [InlineData("\0\a\u007f\u0085\u009b", @"\u0000\u0007\u007f\u0085\u009b")]
    [InlineData("\u2028\u2029\u202e\u2066\u200f\u061c\ufeff", @"\u2028\u2029\u202e\u2066\u200f\u061c\ufeff")]
    public void What_would_change_the_terminal_is_made_visible(string text, string expected) => Assert.Equal(expected, Value.Escape(text));

    private static void AssertRefused(Action action, params string[] parts)
    {
        var exception = Assert.Throws<ReplicateException>(action);
        Assert.Equal(ErrorKind.InvalidArgument, exception.Kind);
        Assert.Equal("UnsupportedValue", exception.Id);
        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }
}
