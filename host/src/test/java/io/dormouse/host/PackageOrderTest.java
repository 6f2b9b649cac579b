package io.dormouse.host;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A package imports only the packages before it, in the order in which data flows. */
class PackageOrderTest {
  private static final String HOST = "io.dormouse.host";
  private static final List<String> ORDER =
      List.of(
          HOST + ".engine",
          HOST + ".protocol",
          HOST + ".namespace",
          HOST + ".plugin",
          HOST + ".admin",
          HOST);

  private static JavaClasses all;

  @BeforeAll
  static void read() {
    all =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.dormouse");
  }

  @AfterAll
  static void forget() {
    all = null;
  }

  @Test
  void theOrderNamesAllPackages() {
    Set<String> packages =
        all.stream()
            .map(type -> type.getPackageName())
            .filter(name -> name.startsWith(HOST))
            .collect(Collectors.toSet());
    assertThat(packages).containsExactlyInAnyOrderElementsOf(ORDER);
  }

  @Test
  void aPackageImportsOnlyThoseBeforeIt() {
    for (int i = 0; i < ORDER.size() - 1; i++) {
      String[] later = ORDER.subList(i + 1, ORDER.size()).toArray(String[]::new);
      noClasses()
          .that(resideInAPackage(ORDER.get(i)))
          .should()
          .dependOnClassesThat(resideInAnyPackage(later))
          .check(all);
    }
    slices().matching(HOST + ".(*)..").should().beFreeOfCycles().check(all);
  }

  @Test
  void protocolAndEngineKnowNothingOfEachOther() {
    noClasses()
        .that(resideInAPackage(HOST + ".protocol"))
        .should()
        .dependOnClassesThat(resideInAPackage(HOST + ".engine"))
        .check(all);
  }

  @Test
  void theApiShowsOnlyTheJdkAndItself() {
    classes()
        .that(resideInAPackage("io.dormouse.api.."))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage("io.dormouse.api..", "java..", "org.jspecify.annotations"))
        .check(all);
  }

  @Test
  void eachLibraryHasItsPlace() {
    noClasses()
        .that(not(resideInAPackage(HOST + ".plugin")))
        .should()
        .dependOnClassesThat(resideInAPackage("org.pf4j.."))
        .check(all);
    noClasses()
        .that(resideInAnyPackage(HOST + ".protocol", HOST + ".namespace", HOST + ".plugin"))
        .should()
        .dependOnClassesThat(resideInAPackage("io.helidon.."))
        .check(all);
    noClasses()
        .that(not(resideInAnyPackage(HOST, HOST + ".admin")))
        .should()
        .dependOnClassesThat(resideInAnyPackage("ch.qos.logback..", "picocli.."))
        .check(all);
  }
}
